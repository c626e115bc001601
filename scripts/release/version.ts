import { applyEdits, modify, type JSONPath } from 'jsonc-parser';

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The parts of `1.2.3`. Throws for anything else: the Marketplace does not support pre-release versions. */
function parseVersion(text: string): Version {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text);
  if (match === null) throw new Error(`The version '${text}' is not of the form 1.2.3`);
  const [major, minor, patch] = match.slice(1).map(Number) as [number, number, number];
  return { major, minor, patch };
}

/** Whether the first version comes after the second. */
function isNewer(one: Version, other: Version): boolean {
  const order = (['major', 'minor', 'patch'] as const).map((part) => one[part] - other[part]);
  return (order.find((difference) => difference !== 0) ?? 0) > 0;
}

/**
 * Throws unless `version` is a valid next one: it must be later than the newest release, and keep the major version of
 * the tasks (`current`), because pipelines reference a task by its major version and would not find it.
 */
export function refuseVersion(
  version: string,
  { current, newest }: { readonly current: string; readonly newest: string | undefined },
): void {
  const { major } = parseVersion(current);
  if (parseVersion(version).major !== major) {
    throw new Error(
      `${version} has another major version than the tasks, ${current}: a new major version of a task is a new folder next to the old one, see docs/releasing.md`,
    );
  }
  if (newest !== undefined && !isNewer(parseVersion(version), parseVersion(newest))) {
    throw new Error(`${version} does not come after the newest release in CHANGELOG.md, ${newest}`);
  }
}

/** The position of the version in each kind of file. */
function listPlaces(file: string, version: string): [place: JSONPath, value: string | number][] {
  if (file.endsWith('task.json')) {
    const { major, minor, patch } = parseVersion(version);
    return Object.entries({ Major: major, Minor: minor, Patch: patch }).map(([part, value]) => [
      ['version', part],
      value,
    ]);
  }
  const own: [JSONPath, string] = [['version'], version];
  return file === 'package-lock.json' ? [own, [['packages', '', 'version'], version]] : [own];
}

/** The text of a JSON file of the project with this version, otherwise unchanged. */
export function writeVersion(file: string, text: string, version: string): string {
  return listPlaces(file, version).reduce(
    (current, [place, value]) => applyEdits(current, modify(current, place, value, {})),
    text,
  );
}
