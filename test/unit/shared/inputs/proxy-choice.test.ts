import assert from 'node:assert/strict';
import { parseProxyChoice } from '../../../../tasks/shared/inputs/proxy-choice';

describe('the input proxy', () => {
  for (const [text, value] of [
    ['agent', 'agent'],
    ['NONE', 'none'],
    ['http://proxy.example:8080', 'http://proxy.example:8080'],
    ['HTTPS://Proxy.example/', 'https://proxy.example'],
  ] as const) {
    it(`takes ${text}`, () => {
      assert.deepEqual(parseProxyChoice(text), { value });
    });
  }

  for (const text of [
    'proxy.example:8080',
    'socks5://proxy.example',
    'http://',
    'http://proxy.example/x',
    'http://me:not-a-real-password-1@proxy.example',
  ]) {
    it(`does not take ${text}`, () => {
      const parsed = parseProxyChoice(text);
      assert.ok('problems' in parsed);
      assert.match(parsed.problems.join(), /is not valid; allowed: agent, none, or the proxy's address/);
      assert.doesNotMatch(parsed.problems.join(), /not-a-real-password-1/);
    });
  }
});
