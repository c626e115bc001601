/**
 * Replaces `$(name)` by `lookUp(name)`, not recursively. Unknown names and `$()` are unchanged
 * (microsoft/azure-pipelines-agent VarUtil.cs).
 */
export function expandMacros(text: string, lookUp: (name: string) => string | undefined): string {
  let result = text;
  let position = 0;
  for (;;) {
    const macro = findMacro(result, position);
    if (!macro) return result;
    const value = macro.name === '' ? undefined : lookUp(macro.name);
    if (value === undefined) position = macro.start + 1;
    else {
      result = result.slice(0, macro.start) + value + result.slice(macro.end);
      position = macro.start + value.length;
    }
  }
}

/** The first `$(name)` at or after `position`; `end` is the position after its parenthesis. */
export function findMacro(text: string, position: number): { name: string; start: number; end: number } | undefined {
  const start = text.indexOf('$(', position);
  const close = start < 0 ? -1 : text.indexOf(')', start + 2);
  return close < 0 ? undefined : { name: text.slice(start + 2, close), start, end: close + 1 };
}
