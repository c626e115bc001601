import { firstMissing, firstMissingOfList, isText, type FindMissing, type Test } from '../shared/answer-shape';

const isObject: Test = (value) => typeof value === 'object' && value !== null;

/**
 * What an answer of Azure Resource Manager lacks of a vault, or of a list of resources (learn.microsoft.com, "Key Vault
 * REST API reference": Vaults - Get, Vaults - List). Everything else of a vault may be left out.
 */
export const missingFromManager: FindMissing = (path, answer) =>
  path.endsWith('/resources')
    ? firstMissingOfList(answer, { id: isText, name: isText })
    : firstMissing(answer, { id: isText, 'properties.sku': isObject, 'properties.vaultUri': isText });
