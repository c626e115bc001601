import type { PipelineVariable } from '../ports';
import type { jobVariables } from './environment';

type SwitchName = Extract<(typeof jobVariables)[number], 'SYSTEM_UNSAFEALLOWMULTILINESECRET' | 'DECODE_PERCENTS'>;

/** The variables of the job that switches need. */
interface SwitchBoard {
  /** `''` when there is no such variable. */
  read(name: SwitchName): string;
  write(name: string, value: string): void;
}

interface Switch {
  readonly name: SwitchName;
  /** The agent's default if there is no such variable. */
  readonly unset: 'true' | 'false';
  readonly isNeededFor: (variable: PipelineVariable) => boolean;
}

/**
 * Variables that are switches of the agent, which reads them again for every command (microsoft/azure-pipelines-agent
 * AgentKnobs.cs): whether it accepts multi-line secrets, and whether it decodes the task library's `%AZP25` to `%`.
 */
const switches: readonly Switch[] = [
  {
    name: 'SYSTEM_UNSAFEALLOWMULTILINESECRET',
    unset: 'false',
    isNeededFor: ({ value, secret }) => secret && /[\r\n]/.test(value),
  },
  { name: 'DECODE_PERCENTS', unset: 'true', isNeededFor: ({ value }) => value.includes('%') },
];

/**
 * Runs the command that sets a variable. Without some of the agent's switches, the agent would refuse or change its
 * value: turns those on for this command, and restores them.
 */
export function withSwitchesFor(variable: PipelineVariable, board: SwitchBoard, command: () => void): void {
  const before = switches
    .filter(({ isNeededFor }) => isNeededFor(variable))
    .map(({ name, unset }) => ({ name, value: board.read(name) || unset }))
    .filter(({ value }) => value.toLowerCase() !== 'true');
  for (const { name } of before) {
    board.write(name, 'true');
  }
  try {
    command();
  } finally {
    for (const { name, value } of before) {
      board.write(name, value);
    }
  }
}
