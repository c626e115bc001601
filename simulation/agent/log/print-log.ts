interface Style {
  /** SGR code of the colour. */
  readonly colour: number;
  /** Azure DevOps shows the mark itself for these. */
  readonly visibleMark: boolean;
}

const styles: Readonly<Record<string, Style>> = {
  error: { colour: 31, visibleMark: true },
  warning: { colour: 33, visibleMark: true },
  section: { colour: 32, visibleMark: false },
  command: { colour: 36, visibleMark: false },
  debug: { colour: 35, visibleMark: true },
};

/** How a line appears. */
export interface LineContext {
  /** Whether to use the colours of a terminal. */
  readonly colours: boolean;
  /** Whether a `##[group]` is open: its lines are indented. */
  readonly grouped: boolean;
}

/** One masked line of the log as Azure DevOps shows it; undefined when it shows nothing (`##[endgroup]`). */
export function renderLine(line: string, { colours, grouped }: LineContext): string | undefined {
  const { mark, text } = splitMark(line);
  if (mark === 'endgroup') return undefined;
  if (mark === 'group') return `▼ ${text}`;
  const indent = grouped && mark !== 'section' ? '  ' : '';
  const style = styles[mark];
  if (!style) return indent + line;
  const shown = style.visibleMark ? line : text;
  return indent + (colours ? `\u001b[${style.colour}m${shown}\u001b[0m` : shown);
}

/** Renders a log line by line, remembering whether a group is open: make one for each log. */
export function createLineRenderer(colours: boolean): (line: string) => string | undefined {
  let grouped = false;
  return (line) => {
    const rendered = renderLine(line, { colours, grouped });
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
