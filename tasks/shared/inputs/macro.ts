/** A `$(name)` in a text. */
interface Macro {
  readonly name: string;
  /** Its start position. */
  readonly index: number;
}

/**
 * Every `$(name)` of a text. Before a task starts, the agent replaces those whose variable exists, and leaves the
 * others unchanged (microsoft/azure-pipelines-agent, VarUtil.cs).
 */
export function findMacros(text: string): readonly Macro[] {
  return [...text.matchAll(/\$\(([^()\r\n]+)\)/g)].map(({ 1: name = '', index }) => ({ name: name.trim(), index }));
}
