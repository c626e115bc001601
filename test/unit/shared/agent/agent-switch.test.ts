import assert from 'node:assert/strict';
import { withSwitchesFor } from '../../../../tasks/shared/agent/agent-switch';

const lines = 'SYSTEM_UNSAFEALLOWMULTILINESECRET';
const percents = 'DECODE_PERCENTS';

/** Sets a variable on an agent with these switches, and gives what the agent was told, in order. */
function setting(value: string, secret: boolean, given: Readonly<Record<string, string>> = {}, fails = false) {
  const switches: Record<string, string> = { ...given };
  const told: string[] = [];
  const board = {
    read: (name: string) => switches[name] ?? '',
    write: (name: string, text: string) => {
      switches[name] = text;
      told.push(`${name}=${text}`);
    },
  };
  const work = () => {
    withSwitchesFor({ name: 'x', value, secret }, board, () => {
      told.push('set');
      if (fails) throw new Error('The agent is gone.');
    });
  };
  return { work, told, switches };
}

function toldFor(...given: Parameters<typeof setting>): readonly string[] {
  const { work, told } = setting(...given);
  work();
  return told;
}

describe('withSwitchesFor', () => {
  it('lets a secret of several lines through, and locks the agent again', () => {
    for (const value of ['one\ntwo', 'one\r\ntwo', 'one\rtwo']) {
      assert.deepEqual(toldFor(value, true), [`${lines}=true`, 'set', `${lines}=false`]);
    }
  });

  it('leaves the agent alone for what it takes as it is', () => {
    assert.deepEqual(toldFor('one line', true), ['set']);
    assert.deepEqual(toldFor('one\ntwo', false), ['set']);
    assert.deepEqual(toldFor('100%', true), ['set'], 'an agent decodes percents unless told otherwise');
  });

  it("has percents decoded where the pipeline turned that off, and puts the pipeline's word back", () => {
    const off = { [percents]: 'false' };
    assert.deepEqual(toldFor('100%', false, off), [`${percents}=true`, 'set', `${percents}=false`]);
    assert.deepEqual(toldFor('no sign', false, off), ['set']);
  });

  it('changes no switch that is on already, however that is written', () => {
    assert.deepEqual(toldFor('one\ntwo', true, { [lines]: 'True' }), ['set']);
  });

  it('throws both switches for a value that needs both, and puts both back', () => {
    const { work, switches } = setting('50%\n50%', true, { [percents]: 'False' });
    work();
    assert.deepEqual(switches, { [lines]: 'false', [percents]: 'False' });
  });

  it('puts the switches back when the command fails', () => {
    const { work, switches } = setting('one\ntwo', true, {}, true);
    assert.throws(work, /The agent is gone/);
    assert.deepEqual(switches, { [lines]: 'false' });
  });
});
