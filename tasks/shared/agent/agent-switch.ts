import type { PipelineVariable } from '../ports';
import type { jobVariables } from './environment';

type SwitchName = Extract<(typeof jobVariables)[number], 'SYSTEM_UNSAFEALLOWMULTILINESECRET' | 'DECODE_PERCENTS'>;

/** The job's variables as far as switches need them. */
interface SwitchBoard {
  /** `''` when there is no such variable. */
  read(name: SwitchName): string;
  write(name: string, value: string): void;
}

interface Switch {
  readonly name: SwitchName;
  /** What the agent takes it for when there is no such variable. */
  readonly unset: 'true' | 'false';
  readonly isNeededFor: (variable: PipelineVariable) => boolean;
}

/**
 * Variables that are switches of the agent, which reads them again for every command (microsoft/azure-pipelines-agent
 * AgentKnobs.cs): whether it takes multi-line secrets, and whether it turns the task library's `%AZP25` into `%`.
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
 * Carries out the command that sets a variable, with those of the agent's switches on without which its value would be
 * refused or arrive as another, and puts each of them back.
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
