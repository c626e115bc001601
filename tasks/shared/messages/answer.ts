/** What the user reads of an answer that is none of Azure's. */
export const answerMessages = {
  unexpected: (host: string, status: number, missing: string) => ({
    summary: `${host} answered HTTP ${status} with JSON that is not what Azure publishes: '${missing}' is missing or not as it has to be.`,
    cause: 'Something between this agent and Azure answers in its place, or changes its answers.',
    remedy: [
      `Run the job again; if it stays so, find out what answers for https://${host}/ on this agent.`,
      'If it is Azure itself, report the log of a run with the variable System.Debug set to true.',
    ],
  }),
};
