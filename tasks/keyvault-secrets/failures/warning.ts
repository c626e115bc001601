import { warningMessages } from '../messages/warnings';

/** Something that the user should know and that does not stop the step. Warnings of one kind become one line. */
export interface Warning {
  /** The beginning of a sentence that fits every subject of the kind. */
  readonly kind: string;
  readonly subject: string;
}

/** How many subjects are named: the names of thousands of secrets would fill the page. */
const mostSubjects = 20;

/** One line per kind, in the order in which the kinds first occur. */
export function groupWarnings(warnings: readonly Warning[]): readonly string[] {
  const kinds = new Map<string, Set<string>>();
  for (const { kind, subject } of warnings) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(subject));
  return [...kinds].map(([kind, subjects]) => {
    const named = [...subjects].slice(0, mostSubjects);
    return warningMessages.line(kind, named, subjects.size - named.length);
  });
}
