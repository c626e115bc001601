/** What stands around the texts of a diagnosis. */
export const diagnosisMessages = {
  headline: (code: string, summary: string) => `${code}: ${summary}`,
  likelyCause: (cause: string) => `Likely cause: ${cause}`,
  toFix: 'To fix it: ',
  more: (url: string) => `More: ${url}`,
  requestId: (id: string) => `Request id: ${id}`,
};
