/** What the log says of changes to a vault that are not done at once. */
export const changeMessages = {
  noRoom: 'the vault has no room for another tag',
  tagsStripped: 'Azure accepted the change without the tag, probably because of an Azure Policy',
  staleRead: (milliseconds: number) =>
    `The vault was read ${milliseconds} ms ago, too long to build a change on it; reading it again.`,
  uncertain: (reason: string) => `Could not confirm the change (${reason}); reading the vault again.`,
};
