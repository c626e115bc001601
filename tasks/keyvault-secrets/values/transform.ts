import { certificatePart } from './certificate';
import { valueMessages as messages } from '../messages/values';
import type { CertificateOperation, Operation } from '../rules/rule';

/** A value after the operations of its rule. */
export interface Transformed {
  /** What the variable gets; of bytes that are no text, their base64. */
  readonly text: string;
  /** Present when the value goes to a file. */
  readonly file?: { readonly path?: string; readonly bytes: Uint8Array };
  /** The texts it was on the way, which must not be printed either. */
  readonly formerTexts: readonly string[];
  readonly note?: string;
}

/** What went wrong, without any part of the value. */
interface TransformProblem {
  readonly code: 'AKV-VALUE' | 'AKV-CERTIFICATE';
  readonly problem: string;
}

interface State {
  /** Absent when the bytes are no UTF-8. */
  readonly text?: string;
  /** What a file gets. */
  readonly bytes: Uint8Array;
  readonly formerTexts: readonly string[];
  readonly note?: string;
}

/**
 * Applies the operations of a rule in their order. A result that is not UTF-8 text, or that holds a NUL character, can
 * only go to a file: no environment variable holds it (microsoft/azure-pipelines-agent ArgUtil.cs refuses NUL).
 */
export function transform(value: string, operations: readonly Operation[]): Transformed | TransformProblem {
  let state: State = { text: value, bytes: Buffer.from(value, 'utf8'), formerTexts: [] };
  for (const operation of operations) {
    if (operation.kind === 'file') return toFile(state, operation.path);
    const next = apply(state, operation.kind);
    if ('problem' in next) return next;
    const former = state.text === undefined ? [] : [state.text];
    const note = next.note ?? state.note;
    state = { ...next, formerTexts: [...state.formerTexts, ...former], ...(note === undefined ? {} : { note }) };
  }
  const { text, formerTexts, note } = state;
  if (text === undefined) return valueProblem(messages.onlyFileHoldsBytes);
  if (text.includes('\0')) return valueProblem(messages.nulCharacter);
  return { text, formerTexts, ...(note === undefined ? {} : { note }) };
}

function valueProblem(problem: string): TransformProblem {
  return { code: 'AKV-VALUE', problem };
}

function toFile({ text, bytes, formerTexts, note }: State, path: string | undefined): Transformed {
  return {
    text: text ?? Buffer.from(bytes).toString('base64'),
    file: path === undefined ? { bytes } : { path, bytes },
    formerTexts,
    ...(note === undefined ? {} : { note }),
  };
}

type Step = Omit<State, 'formerTexts'>;

function apply({ text, bytes }: State, kind: Exclude<Operation['kind'], 'file'>): Step | TransformProblem {
  if (kind === 'encode64') return textStep(Buffer.from(bytes).toString('base64'));
  if (text === undefined) return valueProblem(messages.needsText(kind));
  if (kind === 'trim') return textStep(text.trim());
  return kind === 'decode64' ? decode(text) : takeCertificate(text, kind);
}

function textStep(text: string): Step {
  return { text, bytes: Buffer.from(text, 'utf8') };
}

/** A PFX goes to a file as the binary that programs expect, and to a variable as base64. */
function takeCertificate(value: string, operation: CertificateOperation): Step | TransformProblem {
  const part = certificatePart(value, operation);
  if ('problem' in part) return { code: 'AKV-CERTIFICATE', problem: part.problem };
  const bytes = Buffer.from(part.text, operation === 'pfx' ? 'base64' : 'utf8');
  return { text: part.text, bytes, ...(part.note === undefined ? {} : { note: part.note }) };
}

/** Strict: one alphabet, standard or URL-safe, and complete padding or none. Line breaks and blanks may wrap it. */
function decode(text: string): Step | TransformProblem {
  const compact = text.replace(/\s+/g, '');
  const bare = compact.replace(/={1,2}$/, '');
  const bytes = Buffer.from(bare, 'base64');
  const alphabet = /[-_]/.test(bare) ? 'base64url' : 'base64';
  const isPadded = compact === bare || compact.length % 4 === 0;
  if (!isPadded || bytes.toString(alphabet).replace(/=+$/, '') !== bare) return valueProblem(messages.noBase64);
  const decoded = decodeUtf8(bytes);
  return decoded === undefined ? { bytes } : { text: decoded, bytes };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
