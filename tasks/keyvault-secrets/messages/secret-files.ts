/** Why a folder for secret files is not safe to use. */
export const secretFolderMessages = {
  notRestricted: (folder: string, reason: string) =>
    `Access to the folder for secret files, ${folder}, could not be restricted to the agent's account: ${reason}. Nothing has been set.`,
  foreignSystemRoot: (path: string) =>
    `the environment variable SystemRoot is '${path}', which is not the Windows folder`,
  remedy: [
    "Put the agent's work folder on an NTFS drive, and do not set the variable SystemRoot.",
    "Or take '| file' out of the rules, and remove the input 'secretsFile'.",
  ],
};
