import { DiagnosedError } from '../../shared/errors/diagnosis';
import { ruleMessages as messages } from '../messages/rules';

/** A mistake in a part of a line, before the position of the part is known. */
export interface PartMistake {
  /** Characters from the start of the part. */
  readonly offset: number;
  readonly message: string;
  /** What to write instead, or how to find out. */
  readonly suggestion?: string;
}

/** A mistake in a line that the caller knows; columns count from 1. */
export interface PlacedMistake {
  readonly column: number;
  readonly message: string;
  readonly suggestion?: string;
}

/** A mistake in the rules; lines count from 1. */
export interface RuleMistake extends PlacedMistake {
  readonly line: number;
  /** The whole line, to show the position in it. */
  readonly text: string;
}

/** A mistake as three lines: position and message, the user's line, and a caret below the position. */
export function renderMistake({ line, column, message, suggestion, text }: RuleMistake): string {
  // Viewers show tabs with different widths. Copying the tab keeps the caret below its character.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const advice = suggestion === undefined ? '' : ` ${suggestion}`;
  return `  ${messages.place(line, column, message)}${advice}\n    ${text}\n    ${indent}^`;
}

/** All mistakes of the rules as the one error that fails the step. */
export function rulesError(mistakes: readonly RuleMistake[]): DiagnosedError {
  return new DiagnosedError({
    code: 'AKV-RULES',
    summary: [messages.summary(mistakes.length), ...mistakes.map(renderMistake)].join('\n'),
    remedy: messages.remedy,
  });
}
