/** Mistakes in the network settings of the agent. */
export const networkMessages = {
  fileUnreadable: (path: string, reason: string) => ({
    summary: `The agent's certificate file '${path}' cannot be read: ${reason}`,
    remedy: [
      'Configure the agent (--sslcacert, --sslclientcert, --sslclientcertkey) or NODE_EXTRA_CA_CERTS with files that its account can read.',
    ],
  }),
  certificatesUnusable: (reason: string) => ({
    summary: `The agent's certificates cannot be used: ${reason}`,
    remedy: [
      'Check the files and the password given to the agent with --sslcacert, --sslclientcert, --sslclientcertkey and --sslclientcertpassword; they must be PEM.',
    ],
  }),
  authorityRefused: (path: string, problem: string) => ({
    summary: `The certificate authority file '${path}' is not used: ${problem}.`,
    cause:
      'Anyone who can write that file determines which servers this step trusts as Azure and sends credentials to.',
    remedy: [
      "Put the file outside of the agent's work folder, and name it with --sslcacert (config.sh) or NODE_EXTRA_CA_CERTS.",
      'If no pipeline or agent setting names this file, the output of an earlier step does (##vso[task.setvariable]).',
    ],
  }),
  inWorkFolder: "it is in the agent's work folder or log, which the sources and steps of a job can write",
  onTheNetwork: 'it is not on this machine',
  noOrdinaryFile: 'it is not an ordinary file',
  proxyOverwritten: (said: string, configured: string) =>
    `A step of this job has overwritten the variable Agent.ProxyUrl ('${said}'); this step uses the proxy that the agent was configured with, ${configured}.`,
  proxyUncertain: (vault: string, url: string) => ({
    summary: `Only variables name the proxy ${url}, and the output of any earlier step can set them. '${vault}' would see that proxy's address, so nothing was changed.`,
    remedy: [
      "If this agent needs no proxy: set 'proxy: none'.",
      `If this is its proxy: set 'proxy: ${url}', or configure the agent with --proxyurl.`,
    ],
  }),
  noProxyUrl: (url: string) => ({
    summary: `The agent's proxy '${url}' is not an http:// or https:// URL.`,
    remedy: ['Configure the agent again with --proxyurl http://<host>:<port>.'],
  }),
};

/** Log lines about requests, and what diagnoses quote from answers that cannot be used. */
export const requestMessages = {
  nextAttempt: (host: string, outcome: string, attempt: number, milliseconds: number) =>
    `${host}: ${outcome}; attempt ${attempt} in ${milliseconds} ms`,
  unanswered: (host: string, seconds: number) => `${host} had not answered for ${seconds} s.`,
  noCompleteAnswer: (seconds: number) => `no complete answer within ${seconds} s`,
  proxyRefused: (proxy: string, status: number) => `the proxy ${proxy} answered HTTP ${status} to CONNECT`,
  redirect: (status: number) => `HTTP ${status}, a redirect, which was not followed`,
  noJson: (status: number, type: string) => `HTTP ${status} with a body that is not JSON (${type})`,
  typeUnnamed: 'without a content type',
  typeOfEmpty: 'empty',
};
