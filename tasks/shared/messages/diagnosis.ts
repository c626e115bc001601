/** The labels of a diagnosis. */
export const diagnosisMessages = {
  headline: (code: string, summary: string) => `${code}: ${summary}`,
  likelyCause: (cause: string) => `Likely cause: ${cause}`,
  toFix: 'To fix it: ',
  more: (code: string, url: string) =>
    url === '' ? `More: ${code} in docs/troubleshooting.md` : `More: ${url}#${code.toLowerCase()}`,
  azureSaid: (words: string) => `Azure said: ${words}`,
  requestId: (id: string) => `Request id: ${id}`,
};
