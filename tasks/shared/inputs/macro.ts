/** A `$(name)` in a text. */
interface Macro {
  readonly name: string;
  /** Where it starts. */
  readonly index: number;
}

/**
 * Every `$(name)` of a text. The agent replaces those whose variable is there before a task starts, and leaves the others
 * as they are (microsoft/azure-pipelines-agent, VarUtil.cs).
 */
export function findMacros(text: string): readonly Macro[] {
  return [...text.matchAll(/\$\(([^()\r\n]+)\)/g)].map(({ 1: name = '', index }) => ({ name: name.trim(), index }));
}
