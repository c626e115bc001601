import { log, memory } from '../../shared/agent/agent';
import { readJobKey } from '../../shared/agent/job-key';
import { inputsForClosing } from '../../shared/agent/step-inputs';
import { readSurroundings } from '../../shared/agent/surroundings';
import type { PhaseControl, PhaseResult, PhaseTime } from '../../shared/agent/phase';
import { renderDiagnosis, type Diagnosis } from '../../shared/errors/diagnosis';
import { explain } from '../../shared/errors/explain';
import { connectAzure, type Azure } from '../../shared/wiring';
import { closeByLease, closeVault } from './close';
import { closingCommand } from './closing-command';
import { readInputs } from '../inputs/inputs';
import { closingMessages as closing } from '../messages/closing';
import { perimeterMessages } from '../messages/perimeter';
import { parseRuleId, removingCommand, ruleIdOf, type ProfileId } from '../resource-ids/profile-id';
import { distinctProfiles } from '../inputs/profile-input';
import type { Claim } from '../protocol/lease';
import type { Ledger } from '../protocol/ledger';
import { VaultGone } from '../ports/vault';
import { signMemory } from '../protocol/signed-memory';
import { recallSurroundings } from '../connection/surroundings';
import { connectPerimeters, connectResources, findVaults, ownLeaseId, writerParts } from '../connection/wiring';

/** The phase `postjobexecution`: close what the other phases have opened. What it cannot close is a warning, never a failure of the job. */
export async function closeAgentAccess(ledger: Ledger, { limit, ...time }: PhaseControl): Promise<PhaseResult> {
  limit(120, closing.timedWork);
  if (ledger.isForged) {
    return closeWithoutRecord(ledger, time);
  }
  const claims = ledger.all();
  const left = (await Promise.all(claims.map((claim) => close(claim, ledger, time)))).flat();
  return closed(
    claims.map(({ resourceId }) => nameOf(resourceId)),
    left,
  );
}

/** Closes the step's own leases on the vaults and profiles of its inputs: their ids cannot be predicted by other steps. */
async function closeWithoutRecord(ledger: Ledger, time: PhaseTime): Promise<PhaseResult> {
  log.info(closing.recordForged);
  const inputs = readInputs(inputsForClosing);
  const left: string[] = [];
  const attempt = async (advice: string, work: () => Promise<void>) => {
    await work().catch((error: unknown) => left.push(`${explain(error).message}\n${advice}`));
  };
  const note = (sideEffect: Diagnosis | undefined) => {
    left.push(...renderSideEffect(sideEffect));
  };
  const names = inputs.vaults.map(({ name }) => name);
  await attempt(names.map(closing.cannotTell).join('\n'), async () => {
    const azure = connectForClosing(time);
    const perimeters = connectPerimeters(azure, inputs, ledger, time);
    const closeOwn = (profile: ProfileId) =>
      attempt(closing.cannotTellInProfile(profile.title), () => perimeters.closeOwn(profile));
    await Promise.all(distinctProfiles(inputs).map(closeOwn));
    const vaults = await findVaults({ inputs, azure, time });
    await Promise.all(
      vaults.map(async (vault) => {
        await perimeters.ofVault(vault.resourceId, closeOwn);
        if (!inputs.leased) {
          left.push(closing.cannotTell(vault.vault));
          return;
        }
        const own = { leaseId: ownLeaseId(vault.resourceId), networks: inputs.networks };
        await attempt(closing.cannotTell(vault.vault), async () => {
          note(await closeByLease(own, writerParts(vault, time)));
        });
      }),
    );
  });
  return closed(names, left);
}

/** In the surroundings of the opening step, or in those of now if there is no record of them. */
function connectForClosing(time: PhaseTime): Azure {
  const surroundings =
    recallSurroundings(signMemory(memory, readJobKey())) ?? readSurroundings(readInputs(inputsForClosing).proxy);
  return connectAzure({ inputs: inputsForClosing, surroundings, ...time, isClosing: true });
}

function closed(vaults: readonly string[], left: readonly string[]): PhaseResult {
  return left.length === 0
    ? { result: 'succeeded', sentence: closing.closedResult(vaults) }
    : { result: 'succeededWithIssues', sentence: left.join('\n') };
}

/** Gives a warning for what is left open. */
async function close(claim: Claim, ledger: Ledger, time: PhaseTime): Promise<readonly string[]> {
  const rule = parseRuleId(claim.resourceId);
  return rule?.name === undefined ? closeFirewall(claim, time) : closeInProfile(rule.profile, rule.name, ledger, time);
}

async function closeFirewall(claim: Claim, time: PhaseTime): Promise<readonly string[]> {
  const { resourceId } = claim;
  const vault = nameOf(resourceId);
  try {
    const armVault = connectResources({ azure: connectForClosing(time), time }).manage(resourceId);
    return renderSideEffect(await closeVault(claim, writerParts({ resourceId, vault, armVault }, time)));
  } catch (error) {
    if (error instanceof VaultGone) {
      log.info(closing.vaultGone(vault));
      return [];
    }
    return [`${explain(error).message}\n${closing.leftOpen(vault, claim.rules, closingCommand(claim))}`];
  }
}

function renderSideEffect(diagnosis: Diagnosis | undefined): readonly string[] {
  return diagnosis === undefined ? [] : [renderDiagnosis(diagnosis)];
}

async function closeInProfile(
  profile: ProfileId,
  rule: string,
  ledger: Ledger,
  time: PhaseTime,
): Promise<readonly string[]> {
  try {
    const settings = { leaseMinutes: 1, networks: [] };
    await connectPerimeters(connectForClosing(time), settings, ledger, time).close(profile, rule);
    return [];
  } catch (error) {
    const advice = perimeterMessages.leftOpen(profile.title, rule, removingCommand(ruleIdOf(profile.id, rule)));
    return [`${explain(error).message}\n${advice}`];
  }
}

function nameOf(resourceId: string): string {
  return resourceId.split('/').at(-1) ?? resourceId;
}
