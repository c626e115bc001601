import {
  firstMissing,
  firstMissingOfList,
  isText,
  type FindMissing,
  type Test,
} from '../../shared/http/response-shape';

/** The path of one vault, whatever its name; else it is a list of resources. */
const isVault = /\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+$/i;
const isObject: Test = (value) => typeof value === 'object' && value !== null;

/**
 * What an answer of Azure Resource Manager lacks of a vault, or of a list of resources (learn.microsoft.com, "Key Vault
 * REST API reference": Vaults - Get, Vaults - List). Everything else of a vault may be left out.
 */
export const missingFromArm: FindMissing = (path, answer) =>
  isVault.test(path)
    ? firstMissing(answer, { id: isText, 'properties.sku': isObject, 'properties.vaultUri': isText })
    : firstMissingOfList(answer, { id: isText, name: isText });

/** What an answer about the caller's permissions lacks of a list of them; each may name actions or none. */
export const missingFromPermissions: FindMissing = (_path, answer) => firstMissingOfList(answer, {});

/** The path of one access rule; every other one that is asked for is a list. */
const isAccessRule = /\/accessRules\/[^/]+$/i;

/**
 * What an answer about a network security perimeter lacks of an access rule, or of a list of them or of associations
 * (learn.microsoft.com, "Network Security Perimeter REST API reference").
 */
export const missingFromPerimeter: FindMissing = (path, answer) =>
  isAccessRule.test(path)
    ? firstMissing(answer, { name: isText, properties: isObject })
    : firstMissingOfList(answer, { name: isText, properties: isObject });
