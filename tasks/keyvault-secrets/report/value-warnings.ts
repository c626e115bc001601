import { findMacros } from '../../shared/inputs/macro';
import { shortestMask } from '../masks/harmless-text';
import { warningMessages as kinds } from '../messages/warnings';
import type { ResolvedVariable } from '../values/evaluate';
import type { Warning } from '../failures/warning';

/** What Windows lets one environment variable hold (microsoft/azure-pipelines-agent Handler.cs warns beyond it). */
const longestVariable = 32_766;

/**
 * What users should know of values that the agent cannot carry faithfully, or that change variables they already have.
 * Says nothing of a value but that it is one of these.
 */
export function valueWarnings(
  results: readonly ResolvedVariable[],
  existing: readonly { readonly name: string; readonly secret: boolean }[],
): readonly Warning[] {
  const known = new Map(existing.map(({ name, secret }) => [name.toLowerCase(), secret]));
  const names = new Set([...known.keys(), ...results.map(({ name }) => name.toLowerCase())]);
  return results.flatMap((result) => [
    ...warnOfReplacing(result, known.get(result.name.toLowerCase())),
    ...(result.isSecret && result.text !== '' && result.text.length < shortestMask ? [tooShort(result)] : []),
    ...(result.file === undefined && result.text.length > longestVariable ? [tooLong(result)] : []),
    ...(result.file === undefined && holdsMacro(result.text, names) ? [holdsMacroOf(result)] : []),
  ]);
}

function warnOfReplacing(
  { name, isSecret, file }: ResolvedVariable,
  wasSecret: boolean | undefined,
): readonly Warning[] {
  if (wasSecret === undefined) return [];
  if (!wasSecret && isSecret && file === undefined) {
    return [{ kind: kinds.publicBecomesSecret, subject: name }];
  }
  return [{ kind: kinds.replaced, subject: name }];
}

function tooShort({ name }: ResolvedVariable): Warning {
  return { kind: kinds.tooShort, subject: name };
}

function tooLong({ name }: ResolvedVariable): Warning {
  return { kind: kinds.tooLong, subject: name };
}

function holdsMacroOf({ name }: ResolvedVariable): Warning {
  return { kind: kinds.macro, subject: name };
}

/** The agent expands macros in values before every step (microsoft/azure-pipelines-agent StepsRunner.cs). */
function holdsMacro(text: string, names: ReadonlySet<string>): boolean {
  return findMacros(text).some(({ name }) => names.has(name.toLowerCase()));
}
