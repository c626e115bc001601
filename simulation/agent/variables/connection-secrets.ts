import type { ServiceConnection } from '../run-options';

/** Authorization parameters that the agent does not mask (microsoft/azure-pipelines-agent MaskingUtil.cs). */
const publicParameters = new Set([
  'role',
  'scope',
  'tenantid',
  'issuedat',
  'expiresat',
  'audience',
  'authenticationtype',
  'authorizationtype',
  'accesstokentype',
  'accesstokenfetchingmethod',
  'usewindowssecurity',
  'unsecured',
  'oauthaccesstokenissupplied',
  'completecallbackpayload',
  'acceptuntrustedcertificates',
]);

/** The values of a connection that are registered with the masker from the start. */
export function connectionSecrets(connection: ServiceConnection): string[] {
  const entries = Object.entries(connection.parameters);
  return entries.flatMap(([name, value]) => (publicParameters.has(name.toLowerCase()) ? [] : [value]));
}
