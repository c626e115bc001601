/** What is wrong with the network settings of the agent. */
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
  noProxyUrl: (url: string) => ({
    summary: `The agent's proxy '${url}' is not an http:// or https:// URL.`,
    remedy: ['Configure the agent again with --proxyurl http://<host>:<port>.'],
  }),
};

/** What the log says of requests, and what diagnoses quote of answers that cannot be used. */
export const requestMessages = {
  nextAttempt: (host: string, outcome: string, attempt: number, milliseconds: number) =>
    `${host}: ${outcome}; attempt ${attempt} in ${milliseconds} ms`,
  hadNotAnswered: (host: string, seconds: number) => `${host} had not answered for ${seconds} s.`,
  noCompleteAnswer: (seconds: number) => `no complete answer within ${seconds} s`,
  proxyRefused: (proxy: string, status: number) => `the proxy ${proxy} answered HTTP ${status} to CONNECT`,
  redirect: (status: number) => `HTTP ${status}, a redirect, which was not followed`,
  noJson: (status: number, type: string) => `HTTP ${status} with a body that is not JSON (${type})`,
  typeUnnamed: 'without a content type',
  typeOfEmpty: 'empty',
};
