import assert from 'node:assert/strict';
import { withSwitchesFor } from '../../../../tasks/shared/agent/agent-switch';

const lines = 'SYSTEM_UNSAFEALLOWMULTILINESECRET';
const percents = 'DECODE_PERCENTS';

/** Sets a variable on an agent with these switches, and returns the commands that the agent got, in order. */
function setting(value: string, secret: boolean, given: Readonly<Record<string, string>> = {}, fails = false) {
  const switches: Record<string, string> = { ...given };
  const commands: string[] = [];
  const board = {
    read: (name: string) => switches[name] ?? '',
    write: (name: string, text: string) => {
      switches[name] = text;
      commands.push(`${name}=${text}`);
    },
  };
  const work = () => {
    withSwitchesFor({ name: 'x', value, secret }, board, () => {
      commands.push('set');
      if (fails) throw new Error('The agent is gone.');
    });
  };
  return { work, commands, switches };
}

function commandsFor(...given: Parameters<typeof setting>): readonly string[] {
  const { work, commands } = setting(...given);
  work();
  return commands;
}

describe('withSwitchesFor', () => {
  it('allows a multi-line secret, and locks the agent again', () => {
    for (const value of ['one\ntwo', 'one\r\ntwo', 'one\rtwo']) {
      assert.deepEqual(commandsFor(value, true), [`${lines}=true`, 'set', `${lines}=false`]);
    }
  });

  it('sets no switch for a value that the agent accepts unchanged', () => {
    assert.deepEqual(commandsFor('one line', true), ['set']);
    assert.deepEqual(commandsFor('one\ntwo', false), ['set']);
    assert.deepEqual(commandsFor('100%', true), ['set'], 'an agent decodes percents unless configured otherwise');
  });

  it("has percents decoded where the pipeline turned that off, and restores the pipeline's setting", () => {
    const off = { [percents]: 'false' };
    assert.deepEqual(commandsFor('100%', false, off), [`${percents}=true`, 'set', `${percents}=false`]);
    assert.deepEqual(commandsFor('no sign', false, off), ['set']);
  });

  it('changes no switch that is already on, in any spelling', () => {
    assert.deepEqual(commandsFor('one\ntwo', true, { [lines]: 'True' }), ['set']);
  });

  it('sets both switches for a value that needs both, and restores both', () => {
    const { work, switches } = setting('50%\n50%', true, { [percents]: 'False' });
    work();
    assert.deepEqual(switches, { [lines]: 'false', [percents]: 'False' });
  });

  it('restores the switches if the command fails', () => {
    const { work, switches } = setting('one\ntwo', true, {}, true);
    assert.throws(work, /The agent is gone/);
    assert.deepEqual(switches, { [lines]: 'false' });
  });
});
