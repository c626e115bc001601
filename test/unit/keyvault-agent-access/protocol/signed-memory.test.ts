import assert from 'node:assert/strict';
import { signMemory } from '../../../../tasks/keyvault-agent-access/protocol/signed-memory';
import { createJobKey } from '../../../../tasks/shared/agent/job-key';

function remembering(texts = new Map<string, string>(), key = createJobKey('not-a-real-job-token', false)) {
  const plain = {
    read: (name: string) => texts.get(name),
    remember: (name: string, text: string) => {
      texts.set(name, text);
      return Promise.resolve();
    },
  };
  return { texts, memory: signMemory(plain, key) };
}

describe('signed memory', () => {
  it('accepts what the same job has stored, regardless of its content', async () => {
    const { texts, memory } = remembering();
    await memory.remember('Opened', '[1, "two"] three');
    assert.deepEqual(remembering(texts).memory.read('Opened'), { kind: 'authentic', text: '[1, "two"] three' });
  });

  it('has nothing in a step that has remembered nothing', () => {
    assert.deepEqual(remembering().memory.read('Opened'), { kind: 'nothing' });
  });

  it('keeps the text readable in the log', async () => {
    const { texts, memory } = remembering();
    await memory.remember('Opened', 'text');
    assert.match(texts.get('Opened') ?? '', /^[0-9a-f]{64} text$/);
  });

  const forgeries: readonly (readonly [string, (texts: Map<string, string>) => void])[] = [
    ['without a signature', (texts) => texts.set('Opened', '[]')],
    ['that is empty', (texts) => texts.set('Opened', '')],
    ['with one character changed', (texts) => texts.set('Opened', `${texts.get('Opened') ?? ''} `)],
    ['that was signed under another name', (texts) => texts.set('Opened', texts.get('Other') ?? '')],
  ];
  for (const [title, forge] of forgeries) {
    it(`does not believe a text ${title}`, async () => {
      const { texts, memory } = remembering();
      await memory.remember('Opened', 'text');
      await memory.remember('Other', 'text');
      forge(texts);
      assert.deepEqual(memory.read('Opened'), { kind: 'forged' });
    });
  }

  it('does not accept the text of another job', async () => {
    const { texts, memory } = remembering();
    await memory.remember('Opened', 'text');
    const other = remembering(texts, createJobKey('not-a-real-other-token', false));
    assert.deepEqual(other.memory.read('Opened'), { kind: 'forged' });
  });

  it('accepts nothing if a step may have replaced the key, or if there is none', async () => {
    for (const key of [createJobKey('not-a-real-job-token', true), createJobKey('', false)]) {
      const { memory } = remembering(new Map(), key);
      await memory.remember('Opened', 'text');
      assert.deepEqual(memory.read('Opened'), { kind: 'forged' });
    }
  });
});
