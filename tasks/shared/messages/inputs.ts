/** What the user reads of an input of either task. */
export const stepInputMessages = {
  problemOf: (input: string, problem: string) => `Input '${input}': ${problem}`,
  noTruth: (text: string) => `'${text}' is neither true nor false.`,
  connectionRequired: 'a service connection is required.',
};
