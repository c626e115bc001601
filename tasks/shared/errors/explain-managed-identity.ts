import type { Explanation } from './explanation';

const setUp =
  'https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity shows the alternative that works on every agent: workload identity federation.';

/** A managed identity is asked for on the agent's own machine, so whatever fails there is the machine's affair. */
export const explainManagedIdentity: Explanation = (fault, { identityKind, clientId }) => {
  if (identityKind !== 'managed') {
    return undefined;
  }
  const who = clientId === undefined ? 'a system-assigned managed identity' : `the managed identity ${clientId}`;
  const said = [fault.status === undefined ? fault.code : `HTTP ${fault.status}`, fault.message]
    .filter(Boolean)
    .join(': ');
  return {
    code: 'AKV-MANAGED-IDENTITY',
    summary: `This agent's machine gave no token of ${who} (${fault.host ?? 'no endpoint'}: ${said}).`,
    cause:
      fault.status === undefined
        ? 'The agent does not run on an Azure machine: Microsoft-hosted agents and machines elsewhere have no managed identity.'
        : 'The machine is on Azure, but this identity is not assigned to it.',
    remedy: [
      `az vm identity assign --resource-group <group> --name <machine>${clientId === undefined ? '' : ' --identities <resource id of the identity>'}`,
      setUp,
    ],
  };
};
