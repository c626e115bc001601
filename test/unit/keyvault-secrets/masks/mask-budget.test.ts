import assert from 'node:assert/strict';
import { masksOf } from '../../../../tasks/keyvault-secrets/masks/masks';
import { maskLikeAgent } from '../agent-masker';

const values = Array.from({ length: 20 }, (_, index) => `first not-a-real <line> ${index}\nsecond-"line"-${index}`);
const base64 = (text: string, encoding: 'utf8' | 'utf16le' = 'utf8') => Buffer.from(text, encoding).toString('base64');

describe('the budget of masks', () => {
  const all = masksOf(values, Number.POSITIVE_INFINITY);

  it('leaves nothing out that fits', () => {
    assert.deepEqual(masksOf(values, all.texts.length), all);
    assert.equal(all.leftOut.size, 0);
  });

  it('leaves out the rarest kind first, for all values, and counts it', () => {
    const { texts, leftOut } = masksOf(values, all.texts.length - 1);
    assert.deepEqual([...leftOut.keys()], ['utf16']);
    assert.equal(texts.length + (leftOut.get('utf16') ?? 0), all.texts.length);
    for (const value of values) {
      assert.equal(maskLikeAgent(base64(value), texts), '***');
      assert.notEqual(maskLikeAgent(base64(value, 'utf16le'), texts), '***');
    }
  });

  it('never leaves out a value, its lines, or its form in a command to the agent', () => {
    const { texts, leftOut } = masksOf([...values, '50%;]\nnot-a-real-line'], 1);
    assert.equal(leftOut.size > 1, true);
    for (const line of values.flatMap((value) => value.split('\n'))) assert.equal(maskLikeAgent(line, texts), '***');
    assert.equal(maskLikeAgent('50%AZP25%3B%5D', texts), '***');
    assert.equal(maskLikeAgent('not-a-real-line', texts), '***');
  });

  it('holds for one value that is as long as a vault allows', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `line'<${index}`);
    assert.ok(masksOf([lines.join('\n')]).texts.length <= 10_000);
  });
});

describe('forms that the agent adds itself', () => {
  it('are not registered: it encodes what is registered as a URI', () => {
    const value = 'n0t a-real/pass+word?';
    const { texts } = masksOf([value]);
    assert.ok(!texts.includes(encodeURIComponent(value)));
    assert.equal(maskLikeAgent(`url?p=${encodeURIComponent(value)}&x`, texts), 'url?p=***&x');
  });

  it('leave no form with a line break but the value itself, because the agent masks line by line', () => {
    for (const value of values) {
      assert.deepEqual(
        masksOf([value]).texts.filter((text) => text.includes('\n')),
        [value],
      );
    }
  });
});
