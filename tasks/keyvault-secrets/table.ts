/** A column gives way at this width: a longer text pushes only its own line to the right, and is never cut. */
const widest = 24;

/** Lays rows out in columns with two blanks between them. The first row is the head; a rule is drawn below it. */
export function layOut(rows: readonly (readonly string[])[]): readonly string[] {
  const [head, ...body] = rows;
  if (head === undefined) return [];
  const widths = head.map((_, column) => Math.min(widest, Math.max(...rows.map((row) => row[column]?.length ?? 0))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)];
}

/** The same as a Markdown table. Cells come from the vault: whatever Markdown or HTML would read is taken out. */
export function layOutMarkdown(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows;
  if (head === undefined) return '';
  const line = (row: readonly string[]): string => `| ${row.map(escapeCell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...body.map(line)].join('\n');
}

function escapeCell(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]()#!|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;');
}
