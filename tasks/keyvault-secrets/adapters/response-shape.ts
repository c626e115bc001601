import { firstMissing, firstMissingOfList, type FindMissing, type Test } from '../../shared/http/response-shape';

/** `https://<vault>/secrets/<name>`, with a version where there is one. */
const isIdentifier: Test = (value) =>
  typeof value === 'string' && /^https:\/\/[^/]+\/secrets\/[^/]+(\/[^/]*)?$/i.test(value);
/** `/secrets` and `/secrets/<name>/versions`; `/secrets/versions/` is a secret of that name. */
const isList = /^\/secrets\/?$|^\/secrets\/[^/]+\/versions\/?$/i;
/** An empty secret has a value, the empty text. */
const isValue: Test = (value) => typeof value === 'string';

/**
 * The member of a secret, or of a list of secrets or versions, that an answer of a vault's data plane does not have
 * (learn.microsoft.com, "Azure Key Vault REST API reference": Get Secret, Get Secrets, Get Secret Versions).
 */
export const missingFromVault: FindMissing = (path, answer) =>
  isList.test(path)
    ? firstMissingOfList(answer, { id: isIdentifier })
    : firstMissing(answer, { id: isIdentifier, value: isValue });
