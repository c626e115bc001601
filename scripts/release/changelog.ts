const unreleased = '## Unreleased';
const releaseHeading = /^## (\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}$/m;

/** The version of the newest release in a changelog; undefined before the first. */
export function newestRelease(changelog: string): string | undefined {
  return releaseHeading.exec(changelog)?.[1];
}

/**
 * Moves the content of `## Unreleased` under a heading with this version and date (`2026-01-31`), and leaves
 * `Unreleased` empty. Throws if it is empty: a release must describe what is new.
 */
export function closeUnreleased(changelog: string, version: string, date: string): string {
  const start = changelog.search(/^## Unreleased$/m);
  if (start < 0) throw new Error(`CHANGELOG.md has no heading '${unreleased}'`);
  const behind = changelog.slice(start + unreleased.length);
  const end = behind.search(/^## /m);
  const notes = (end < 0 ? behind : behind.slice(0, end)).trim();
  if (notes === '') throw new Error(`CHANGELOG.md has nothing under '${unreleased}': say what is new in ${version}`);
  const older = end < 0 ? '' : `\n${behind.slice(end)}`;
  return `${changelog.slice(0, start)}${unreleased}\n\n## ${version} - ${date}\n\n${notes}\n${older}`;
}
