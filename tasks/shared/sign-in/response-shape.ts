import { firstMissing, isText, type FindMissing, type Test } from '../http/response-shape';

const isTime: Test = (value) => typeof value === 'number' || isText(value);

/**
 * Microsoft Entra ID returns how long a token is valid (RFC 6749 §5.1); a managed identity's endpoint usually returns
 * until when.
 */
export const missingFromLogin: FindMissing = (_path, answer) =>
  firstMissing(answer, { access_token: isText }) ??
  (firstMissing(answer, { expires_on: isTime }) === undefined
    ? undefined
    : firstMissing(answer, { expires_in: isTime }));

/** What an answer of Azure DevOps lacks of an assertion. */
export const missingFromAssertion: FindMissing = (_path, answer) => firstMissing(answer, { oidcToken: isText });
