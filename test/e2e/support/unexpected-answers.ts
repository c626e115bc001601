import { json, onRequests, type Failures } from './failures';
import { isWork, type StepOptions, type Task } from './one-step';

/** A success with this JSON instead of the answer to the task's work. */
function answered(task: Task, body: object, options?: StepOptions) {
  const code = 'AKV-UNEXPECTED-ANSWER';
  const then = { status: 200, headers: json, body: JSON.stringify(body) };
  const when = (request: Parameters<ReturnType<typeof isWork>>[0]) =>
    isWork(task)({ ...request, path: request.path.replace(/\/secrets$/, '/secrets/') });
  return { only: task, arrange: onRequests(when, then, options), code } as const;
}

const id = 'https://contoso-kv.vault.azure.net/secrets/token/0123456789abcdef0123456789abcdef';
const all = { secrets: '*' };
const named = { inputs: 'resourceGroupName: shop' };

/** JSON that is an object, with 200, and not what was asked for. */
export const unexpectedAnswers: Failures = {
  'a secret without a value': { ...answered('KeyVaultSecrets', { id }), says: /'value' is missing/ },
  'a secret without an id': { ...answered('KeyVaultSecrets', { value: 'x' }), says: /'id' is missing/ },
  'a secret whose id is no address': {
    ...answered('KeyVaultSecrets', { id: 'x', value: 'x' }),
    says: /'id' is missing/,
  },
  'a list without entries': { ...answered('KeyVaultSecrets', {}, all), says: /'value' is missing/ },
  'a list that is an object': { ...answered('KeyVaultSecrets', { value: {} }, all), says: /'value' is missing/ },
  'a list with an entry without an id': {
    ...answered('KeyVaultSecrets', { value: [{ id }, {}] }, all),
    says: /'value\[\]\.id' is missing/,
  },
  'a list of resources without entries': { ...answered('KeyVaultAgentAccess', {}), says: /'value' is missing/ },
  'a list of resources with an entry without a name': {
    ...answered('KeyVaultAgentAccess', { value: [{ id: '/x' }] }),
    says: /'value\[\]\.name' is missing/,
  },
  'a vault without properties': {
    ...answered('KeyVaultAgentAccess', { id: '/x' }, named),
    says: /'properties\.sku' is missing/,
  },
  'a vault without an address': {
    ...answered('KeyVaultAgentAccess', { id: '/x', properties: { sku: { name: 'standard' } } }, named),
    says: /'properties\.vaultUri' is missing/,
  },
};
