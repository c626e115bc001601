import assert from 'node:assert/strict';
import fc from 'fast-check';
import { proxyFor, type AgentProxy, type NetworkSettings } from '../../../../tasks/shared/http/proxy';

const vault = 'https://contoso-kv.vault.azure.net/secrets';

function network(settings: Partial<NetworkSettings> = {}): NetworkSettings {
  return { extraAuthorities: [], noProxy: '', environmentProxy: () => '', ...settings };
}

function proxy(settings: Partial<AgentProxy> = {}): AgentProxy {
  return { url: 'http://proxy.example:8080', bypass: [], ...settings };
}

describe('proxyFor', () => {
  it('connects directly when neither the agent nor the environment has a proxy', () => {
    assert.equal(proxyFor(vault, network()), undefined);
  });

  it("uses the environment's proxy for the URL when the agent has none", () => {
    const environmentProxy = (url: string) => (url === vault ? 'http://env.example:3128' : '');
    assert.equal(proxyFor(vault, network({ environmentProxy })), 'http://env.example:3128');
    assert.equal(proxyFor('https://other.example/', network({ environmentProxy })), undefined);
  });

  it("prefers the agent's own proxy to the environment's", () => {
    const settings = network({ agentProxy: proxy(), environmentProxy: () => 'http://env.example:3128' });
    assert.equal(proxyFor(vault, settings), 'http://proxy.example:8080/');
  });

  describe('with a bypass list', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['an expression that matches the host', String.raw`contoso-kv\.vault\.azure\.net`, true],
      ['one in other case', String.raw`CONTOSO-KV\.VAULT`, true],
      ['one that matches the whole URL', String.raw`^https://contoso-kv\.vault\.azure\.net/`, true],
      ['one for all vaults', String.raw`.*\.vault\.azure\.net`, true],
      ['one for another host', String.raw`other-kv\.vault\.azure\.net`, false],
      ['a line that is no expression', '*.vault.azure.net', false],
    ];
    for (const [what, pattern, direct] of cases) {
      it(`goes ${direct ? 'direct' : 'through the proxy'} for ${what}`, () => {
        const found = proxyFor(vault, network({ agentProxy: proxy({ bypass: [pattern] }) }));
        assert.equal(found, direct ? undefined : 'http://proxy.example:8080/');
      });
    }

    it('still honours the other lines when one is no expression', () => {
      assert.equal(proxyFor(vault, network({ agentProxy: proxy({ bypass: ['*', 'contoso-kv'] }) })), undefined);
    });
  });

  describe("with the agent's proxy and NO_PROXY", () => {
    const cases: readonly (readonly [string, boolean])[] = [
      ['contoso-kv.vault.azure.net', true],
      ['CONTOSO-KV.vault.azure.net', true],
      ['.vault.azure.net', true],
      ['*.vault.azure.net', true],
      ['*', true],
      ['localhost, 10.0.0.1,.azure.net', true],
      ['localhost .azure.net', true],
      ['contoso-kv.vault.azure.net:443', true],
      ['contoso-kv.vault.azure.net:8443', false],
      ['vault.azure.net', false],
      ['other-kv.vault.azure.net', false],
      ['azure.net.example', false],
      [',,', false],
      ['', false],
    ];
    for (const [noProxy, direct] of cases) {
      it(`goes ${direct ? 'direct' : 'through the proxy'} for '${noProxy}'`, () => {
        const found = proxyFor(vault, network({ agentProxy: proxy(), noProxy }));
        assert.equal(found, direct ? undefined : 'http://proxy.example:8080/');
      });
    }
  });

  it('gives the proxy user name and password back exactly, whatever they are made of', () => {
    const readBack = (text: string) => decodeURIComponent(text);
    const check = (username: string, password: string) => {
      const url = new URL(proxyFor(vault, network({ agentProxy: proxy({ username, password }) })) ?? '');
      assert.deepEqual([readBack(url.username), readBack(url.password)], [username, password]);
      assert.equal(url.host, 'proxy.example:8080');
    };
    check(String.raw`do\main user`, 'p@ss:w/ord%');
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), check));
  });

  it('sends no credentials to a proxy that the agent has none for', () => {
    const agentProxy = proxy({ username: '', password: 'not-a-real-password-1' });
    assert.equal(proxyFor(vault, network({ agentProxy })), 'http://proxy.example:8080/');
  });

  for (const url of ['proxy.example:8080', 'socks5://proxy.example', 'http://']) {
    it(`says that '${url}' is no proxy it can use`, () => {
      assert.throws(() => proxyFor(vault, network({ agentProxy: proxy({ url }) })), {
        message: new RegExp(`^AKV-PROXY: The agent's proxy '${url}' is not an http:// or https:// URL`),
      });
    });
  }
});
