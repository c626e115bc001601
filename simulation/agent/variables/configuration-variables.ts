import type { JobVariable } from '../job';
import type { RunOptions } from '../run-options';

/**
 * The variables that the agent sets from its own configuration: proxy and certificates. They come after those of the
 * job message, so their secrets get no extra masked forms (microsoft/azure-pipelines-agent ExecutionContext.cs).
 */
export function configurationVariables(options: RunOptions): JobVariable[] {
  const { proxy, caFile, clientCertificate: client, skipCertificateValidation } = options;
  return [
    ...variable('agent.proxyurl', proxy?.url),
    ...variable('agent.proxyusername', proxy?.username),
    ...variable('agent.proxypassword', proxy?.password, true),
    ...variable('agent.proxybypasslist', proxy?.bypass?.length ? JSON.stringify(proxy.bypass) : undefined),
    ...variable('agent.usebasicauthforproxy', proxy && 'False'),
    ...variable('agent.skipcertvalidation', skipCertificateValidation ? 'True' : undefined),
    ...variable('agent.cainfo', caFile),
    ...variable('agent.clientcert', client?.certificate),
    ...variable('agent.clientcertkey', client?.key),
    ...variable('agent.clientcertarchive', client?.archive),
    ...variable('agent.clientcertpassword', client?.password, true),
  ];
}

function variable(name: string, value: string | undefined, secret = false): JobVariable[] {
  return value === undefined ? [] : [{ name, value, secret }];
}
