/** Messages about answers that are missing or not from Azure. */
export const answerMessages = {
  unexpected: (host: string, status: number, missing: string) => ({
    summary: `${host} answered HTTP ${status} with unexpected JSON: '${missing}' is missing or malformed.`,
    cause: 'Something between this agent and Azure answers instead of it, or changes its responses.',
    remedy: [
      `Run the job again; if it happens again, find out what answers for https://${host}/ on this agent.`,
      'If it is Azure itself, report the log of a run with the variable System.Debug set to true.',
    ],
  }),
};
