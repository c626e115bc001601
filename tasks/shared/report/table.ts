/**
 * All columns except the last are aligned up to this number of characters, which is what the portal's log shows without
 * scrolling.
 */
const widestTable = 100;

/** Longer cells are rare: they alone do not make a column wider. */
const longestAligned = 40;

/**
 * Otherwise, this is the maximum width of a column: a longer text moves only its own line to the right, and is not cut
 * off.
 */
const narrow = 24;

/** Formats rows in columns with two spaces between them. The first row is the head, with a line below it. */
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

/**
 * The same as a Markdown table. Cells come from the vault: characters with a meaning in Markdown or HTML are removed.
 */
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
