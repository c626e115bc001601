import { failureMessages, nameMessages as messages } from '../messages/failures';
import { secretsFileMessages } from '../messages/secrets-file';
import type { SecretsFile } from '../secrets-file/format';
import { secretRef } from '../selection/secret-ref';
import type { Selected } from '../selection/select';
import type { ResolvedVariable } from '../values/evaluate';
import { failure, type Failure } from '../failures/failure';

/** A file that will be written, and its secret. */
interface Claim {
  readonly path: string;
  readonly subject: string;
  /** What it is of; the two variables of `name/version` share their file. */
  readonly origin?: Selected;
  readonly text?: string;
}

/**
 * Two values cannot be written to the same file, and a file cannot be the folder of another file. Names are not
 * case-sensitive, as on Windows and macOS.
 */
export function pathCollisions(
  results: readonly ResolvedVariable[],
  secretsFile: SecretsFile | undefined,
): readonly Failure[] {
  const claims: readonly Claim[] = [
    ...(secretsFile === undefined ? [] : [{ path: secretsFile.path, subject: secretsFileMessages.subject }]),
    ...results.flatMap(({ file, selected, text }) =>
      file === undefined ? [] : [{ path: file.path, subject: secretRef(selected), origin: selected, text }],
    ),
  ];
  const owners = new Map<string, Claim>();
  const collisions = claims.flatMap((claim) => {
    const path = claim.path.toLowerCase();
    const owner = owners.get(path);
    owners.set(path, owner ?? claim);
    if (owner === undefined || (owner.origin === claim.origin && owner.text === claim.text)) return [];
    return [collision(owner, claim, messages.oneFile(claim.path))];
  });
  return [...collisions, ...[...owners.values()].flatMap((claim) => folderCollisions(claim, owners))];
}

function folderCollisions(claim: Claim, owners: ReadonlyMap<string, Claim>): readonly Failure[] {
  const segments = claim.path.toLowerCase().split('/');
  return segments.slice(1).flatMap((_, depth) => {
    const owner = owners.get(segments.slice(0, depth + 1).join('/'));
    return owner === undefined ? [] : [collision(owner, claim, messages.folderOfOther(owner.path, claim.path))];
  });
}

function collision(one: Claim, other: Claim, text: Parameters<typeof failure>[2]): Failure {
  return failure('AKV-NAME-COLLISION', failureMessages.allOf([one.subject, other.subject]), text);
}
