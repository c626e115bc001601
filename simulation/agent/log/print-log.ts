interface Style {
  /** SGR code of the color. */
  readonly color: number;
  /** Azure DevOps shows the mark itself for these. */
  readonly visibleMark: boolean;
}

const styles: Readonly<Record<string, Style>> = {
  error: { color: 31, visibleMark: true },
  warning: { color: 33, visibleMark: true },
  section: { color: 32, visibleMark: false },
  command: { color: 36, visibleMark: false },
  debug: { color: 35, visibleMark: true },
};

/** How a line appears. */
interface LineContext {
  /** Whether to use the colors of a terminal. */
  readonly colors: boolean;
  /** Whether a `##[group]` is open: its lines are indented. */
  readonly grouped: boolean;
}

/** One masked line of the log as Azure DevOps shows it; undefined when it shows nothing (`##[endgroup]`). */
export function renderLine(line: string, { colors, grouped }: LineContext): string | undefined {
  const { mark, text } = splitMark(line);
  if (mark === 'endgroup') return undefined;
  if (mark === 'group') return `▼ ${text}`;
  const indent = grouped && mark !== 'section' ? '  ' : '';
  const style = styles[mark];
  if (!style) return indent + line;
  const shown = style.visibleMark ? line : text;
  return indent + (colors ? `\u001b[${style.color}m${shown}\u001b[0m` : shown);
}

/** Renders a log line by line, remembering whether a group is open: make one for each log. */
export function createLineRenderer(colors: boolean): (line: string) => string | undefined {
  let grouped = false;
  return (line) => {
    const rendered = renderLine(line, { colors, grouped });
    const { mark } = splitMark(line);
    if (mark === 'group') grouped = true;
    if (mark === 'endgroup' || mark === 'section') grouped = false;
    return rendered;
  };
}

function splitMark(line: string): { mark: string; text: string } {
  const found = /^##\[(\w+)\](.*)$/s.exec(line);
  return { mark: found?.[1] ?? '', text: found?.[2] ?? line };
}
