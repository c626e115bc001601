import type { Diagnosis } from './diagnosis';
import type { Explanation } from './explanation';
import type { Fault } from './fault';

const setUp =
  'Or use workload identity federation, which works on every agent: https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity';

/** A managed identity is requested on the agent's own machine, so a failure there is a problem of that machine. */
export const explainManagedIdentity: Explanation = (fault, { isManagedSignIn, clientId }) => {
  if (isManagedSignIn !== true) {
    return undefined;
  }
  const who = clientId === undefined ? 'a system-assigned managed identity' : `the managed identity ${clientId}`;
  const answer = fault.status === undefined ? `${fault.code}: ${fault.message}` : `HTTP ${fault.status}`;
  return {
    code: 'AKV-MANAGED-IDENTITY',
    summary: `This agent's machine returned no token for ${who} (${fault.host ?? 'no endpoint'}: ${answer}).`,
    ...advice(fault, clientId),
  };
};

function advice(fault: Fault, clientId: string | undefined): Pick<Diagnosis, 'cause' | 'remedy'> {
  // learn.microsoft.com, "Managed identities for Azure resources FAQ": IMDS chooses an identity only if there is
  // exactly one.
  if (/multiple user.assigned identities/i.test(fault.message)) {
    return {
      cause: 'Several managed identities are assigned to the machine, and the service connection does not name one.',
      remedy: [
        'Name the identity by its client ID in the service connection, or assign a system-assigned identity to the machine: az vm identity assign --resource-group <group> --name <machine>',
        setUp,
      ],
    };
  }
  return {
    cause:
      fault.status === undefined
        ? 'The agent does not run on an Azure machine: Microsoft-hosted agents and machines elsewhere have no managed identity.'
        : 'The machine is on Azure, but this identity is not assigned to it.',
    remedy: [
      `az vm identity assign --resource-group <group> --name <machine>${clientId === undefined ? '' : ' --identities <resource id of the identity>'}`,
      setUp,
    ],
  };
}
