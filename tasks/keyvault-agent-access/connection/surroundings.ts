import type { Surroundings } from '../../shared/agent/surroundings';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import { proxyFor } from '../../shared/http/proxy';
import { vaultUrl } from '../../shared/inputs/vault-reference';
import { networkMessages } from '../../shared/messages/network';
import type { Cloud } from '../../shared/sign-in/cloud';
import type { AgentAccessInputs } from '../inputs/inputs';
import type { SignedMemory } from '../protocol/signed-memory';

const memoryName = 'KeyVaultAgentAccess_Surroundings';

/** Notes what an opening step sees of the agent, for the post-job step: other steps may change variables in between. */
export function rememberSurroundings(memory: SignedMemory, surroundings: Surroundings): Promise<void> {
  return memory.remember(memoryName, JSON.stringify(surroundings));
}

/** What the opening step has seen; `undefined` when there is no record that it must have written. */
export function recallSurroundings(memory: SignedMemory): Surroundings | undefined {
  const found = memory.read(memoryName);
  return found.kind === 'authentic' ? (JSON.parse(found.text) as Surroundings) : undefined;
}

/**
 * The address that a vault sees has to be this agent's; any step that can print a variable could lead it through a proxy of its own.
 *
 * @throws DiagnosedError AKV-PROXY when a vault would be reached through a proxy that only variables name.
 */
export function requireCertainProxy(
  { networks, vaults }: Pick<AgentAccessInputs, 'networks' | 'vaults'>,
  surroundings: Surroundings,
  cloud: Cloud,
): void {
  const { proxy } = surroundings;
  if (proxy === undefined || proxy.isTrusted || networks.length > 0) {
    return;
  }
  const seen = vaults.find((vault) => proxyFor(vaultUrl(vault, cloud), { ...surroundings, proxy }) !== undefined);
  if (seen !== undefined) {
    throw new DiagnosedError({ code: 'AKV-PROXY', ...networkMessages.proxyUncertain(seen.name, proxy.url) });
  }
}
