import { log, memory, variables } from '../shared/agent/agent';
import { readJobKey } from '../shared/agent/job-key';
import type { PhaseControl, PhaseResult } from '../shared/agent/phase';
import { stepInputs } from '../shared/agent/step-inputs';
import { readSurroundings } from '../shared/agent/surroundings';
import { identityMessages } from '../shared/messages/connection';
import { describeIdentity } from '../shared/sign-in/connection';
import { connectAzure } from '../shared/wiring';
import { bareAddress } from './address/address';
import { checkAll } from './check/wiring';
import { connectPerimeters, entryOf, findVaults, openParts, type Step } from './connection/wiring';
import { readInputs, timeoutForPerimeter, type AgentAccessInputs } from './inputs/inputs';
import { connectionMessages } from './messages/connection';
import { openingMessages as opening } from './messages/opening';
import { openVault } from './opening/open';
import { openInProfile } from './perimeter/enter';
import { inProfiles } from './inputs/profile-input';
import { openLedger } from './protocol/ledger';
import { signMemory } from './protocol/signed-memory';
import { rememberSurroundings, requireCertainProxy } from './connection/surroundings';
import { sweepAll } from './sweep/wiring';

/** The work of the phases `prejobexecution` and `execution`: what the input `action` says. */
export async function allowAgent({ limit, ...time }: PhaseControl): Promise<PhaseResult> {
  const inputs = readInputs(stepInputs);
  limit(inputs.timeoutInSeconds, opening.timedWork[inputs.action], 'timeoutInSeconds');
  const surroundings = readSurroundings(inputs.proxy);
  const azure = connectAzure({ inputs: stepInputs, surroundings, ...time });
  const { cloud, identity } = azure.connection;
  log.info(connectionMessages.signingIn(cloud.name, describeIdentity(identity)));
  log.info(identityMessages.requestIds(azure.requestIdPrefix));
  const signed = signMemory(memory, readJobKey());
  const ledger = openLedger(signed);
  const perimeters = connectPerimeters(azure, inputs, ledger, time);
  const step = { inputs, azure, ledger, perimeters, onUse: createExtension(inputs, limit), time };
  if (inputs.action === 'sweep') {
    return sweepAll(step);
  }
  requireCertainProxy(inputs, surroundings, cloud);
  if (inputs.action === 'check') {
    return checkAll(step);
  }
  await rememberSurroundings(signed, surroundings);
  return openAll(step);
}

async function openAll(step: Step): Promise<PhaseResult> {
  const { inputs } = step;
  const vaults = await findVaults(step);
  const opened = await Promise.all([
    ...inProfiles(inputs).map(({ name, profile }) => openInProfile(profile, entryOf(name, step))),
    ...vaults.map((vault) => openVault(inputs, openParts(vault, step))),
  ]);
  const networks = [...new Set(opened.flat())];
  variables.setOutput({ name: 'agentIpAddress', value: networks.map(bareAddress).join(','), secret: false });
  return { result: 'succeeded', sentence: opening.result(inputs.vaults.map(({ name }) => name).join(', ')) };
}

/** A rule of a perimeter takes longer than the time that is meant for firewalls. */
function createExtension(inputs: AgentAccessInputs, limit: PhaseControl['limit']): () => void {
  let isExtended = timeoutForPerimeter(inputs) === inputs.timeoutInSeconds;
  return () => {
    if (!isExtended) {
      isExtended = true;
      limit(timeoutForPerimeter(inputs), opening.timedWork.allow, 'timeoutInSeconds');
    }
  };
}
