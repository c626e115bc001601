import { filePathMessages as paths, operationMessages as messages } from '../messages/operations';
import { nearestOf } from './nearest';
import { certificateOperations, type Operation } from './rule';
import type { PartMistake, PlacedMistake } from './mistake';
import { isDevice } from './device-name';

/** An operation in a rule; `notSecret` describes the result instead of changing the value. */
type ParsedOperation = Operation | { readonly kind: 'notSecret' };

const plainOperations = ['trim', 'decode64', 'encode64', ...certificateOperations, 'file', 'notSecret'] as const;

/** Reads one operation, e.g. `trim` or `file:tls/server.pem`. */
export function parseOperation(text: string): ParsedOperation | { readonly mistake: PartMistake } {
  const file = /^file\s*:\s*(.*)$/s.exec(text);
  if (file?.[1] !== undefined) {
    const mistake = filePathMistake(file[1]);
    const offset = text.length - file[1].length;
    return mistake === undefined ? { kind: 'file', path: file[1] } : { mistake: { ...mistake, offset } };
  }
  const kind = plainOperations.find((name) => name === text);
  if (kind !== undefined) return { kind };
  if (text === '') return { mistake: { offset: 0, ...messages.missing } };
  const near = nearestOf(text, plainOperations);
  const suggestion = near === undefined ? messages.known(plainOperations) : messages.didYouMean(near);
  return { mistake: { offset: 0, message: messages.unknown(text), suggestion } };
}

/** Why a path cannot be used for a file: it must name a file inside the step's own folder, on all operating systems. */
export function filePathMistake(path: string): Omit<PartMistake, 'offset'> | undefined {
  if (path === '') return paths.missing;
  if (path.includes('\\')) return paths.backslash(path.replaceAll('\\', '/'));
  if (/^\/|^[A-Za-z]:/.test(path)) return paths.notRelative(path);
  const segments = path.split('/');
  if (segments.includes('..')) return paths.outside(path);
  if (
    !segments.every(
      (segment) => /^[A-Za-z0-9_.-][A-Za-z0-9_. -]*$/.test(segment) && !/[. ]$/.test(segment) && !isDevice(segment),
    )
  ) {
    return paths.unusable(path);
  }
  return undefined;
}

/** The operations of a rule, each with its position. */
export interface PlacedOperation {
  readonly operation: ParsedOperation;
  readonly column: number;
}

/** Checks which operations can be combined, and in which order; returns all mistakes. */
export function checkOperations(placed: readonly PlacedOperation[], hasField: boolean): readonly PlacedMistake[] {
  return placed.flatMap(({ operation, column }, index) => {
    const before = placed.slice(0, index).map((other) => other.operation.kind);
    const problem = operationProblem(operation.kind, before, hasField, placed);
    return problem === undefined ? [] : [{ column, message: problem }];
  });
}

function operationProblem(
  kind: ParsedOperation['kind'],
  before: readonly ParsedOperation['kind'][],
  hasField: boolean,
  all: readonly PlacedOperation[],
): string | undefined {
  const certificate = before.find(isCertificateOperation);
  if (isCertificateOperation(kind)) {
    if (hasField) return messages.noCertificateInField(kind);
    if (certificate !== undefined) return messages.oneCertificatePart(kind, certificate);
    if (before.length > 0) return messages.onlyFirst(kind);
    if (all.some(({ operation }) => operation.kind === 'notSecret')) return messages.keyStaysSecret(kind);
    return undefined;
  }
  if (kind === 'notSecret') return before.includes('notSecret') ? messages.notSecretTwice : undefined;
  if (before.includes('file')) return messages.afterFile(kind);
  if (certificate === 'pfx' && kind !== 'file') return messages.afterPfx(kind);
  return undefined;
}

function isCertificateOperation(kind: ParsedOperation['kind']): boolean {
  return (certificateOperations as readonly string[]).includes(kind);
}
