import { profileInputMessages as messages } from '../messages/perimeter';
import { parseProfileId, type ProfileId } from '../resource-ids/profile-id';

/** One line of the input `perimeterProfile`. */
export interface ProfileLine {
  /** The vault for which it holds, in lower case; `''` for all that no other line names. */
  readonly vault: string;
  readonly profile: ProfileId;
}

/** Reads `<vault>: <resource id of a profile>`, or the resource id alone. */
export function parseProfileLine(
  text: string,
): { readonly value: ProfileLine } | { readonly problems: readonly string[] } {
  const [, vault = '', id = ''] = /^(?:([a-z0-9-]+)\s*:\s*)?(\/.*)$/i.exec(text) ?? [];
  const profile = parseProfileId(id);
  return profile === undefined
    ? { problems: [messages.noProfile(text)] }
    : { value: { vault: vault.toLowerCase(), profile } };
}

/** What is wrong with the lines together: a vault that is not in the step, or two lines for the same vaults. */
export function findLineProblems(lines: readonly ProfileLine[], vaults: readonly string[]): readonly string[] {
  const named = lines.map(({ vault }) => vault);
  const strange = named.filter((vault) => vault !== '' && !vaults.some((one) => one.toLowerCase() === vault));
  const twice = new Set(named.filter((vault, index) => named.indexOf(vault) !== index));
  return [...strange.map(messages.noSuchVault), ...[...twice].map(messages.givenTwice)];
}

/** The profile that the user gave for this vault. */
export function profileFor(vault: string, lines: readonly ProfileLine[]): ProfileId | undefined {
  const line = lines.find((one) => one.vault === vault.toLowerCase()) ?? lines.find((one) => one.vault === '');
  return line?.profile;
}

interface Named {
  readonly vaults: readonly { readonly name: string }[];
  readonly profiles: readonly ProfileLine[];
}

/** The vaults of the step for which the user gave a profile. */
export function inProfiles({
  vaults,
  profiles,
}: Named): readonly { readonly name: string; readonly profile: ProfileId }[] {
  return vaults.flatMap(({ name }) => {
    const profile = profileFor(name, profiles);
    return profile === undefined ? [] : [{ name, profile }];
  });
}

/** The profiles of the step, each once: those of its vaults, or all that are given for every vault. */
export function distinctProfiles(named: Named & { readonly everyVault: boolean }): readonly ProfileId[] {
  const profiles = (named.everyVault ? named.profiles : inProfiles(named)).map(({ profile }) => profile);
  return [...new Map(profiles.map((profile) => [profile.id.toLowerCase(), profile])).values()];
}
