/** Up to this many characters in all, columns but the last are aligned: the portal's log shows as much without scrolling. */
const widestTable = 100;

/** Cells longer than this are few: for them alone no table gets wide. */
const longestAligned = 40;

/** Otherwise a column gives way at this width: a longer text pushes only its own line to the right, and is never cut. */
const narrow = 24;

/** Lays rows out in columns with two blanks between them. The first row is the head; a rule is drawn below it. */
export function layOut(rows: readonly (readonly string[])[]): readonly string[] {
  const [head, ...body] = rows;
  if (head === undefined) return [];
  const widths = columnWidths(rows, head.length);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)];
}

function columnWidths(rows: readonly (readonly string[])[], columns: number): readonly number[] {
  const longest = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const total = longest.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const isAligned = total <= widestTable && longest.slice(0, -1).every((width) => width <= longestAligned);
  // Nothing follows the last column.
  return longest.map((width, column) => (isAligned && column < columns - 1 ? width : Math.min(width, narrow)));
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
