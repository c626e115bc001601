import assert from 'node:assert/strict';
import fc from 'fast-check';
import { proxyFor, type Proxy, type NetworkSettings } from '../../../../tasks/shared/http/proxy';

const vault = 'https://contoso-kv.vault.azure.net/secrets';

function network(settings: Partial<NetworkSettings> = {}): NetworkSettings {
  return { bypass: [], noProxy: '', ...settings };
}

function proxy(settings: Partial<Proxy> = {}): Proxy {
  return { url: 'http://proxy.example:8080', ...settings };
}

describe('proxyFor', () => {
  it('connects directly when there is none', () => {
    assert.equal(proxyFor(vault, network()), undefined);
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
        const found = proxyFor(vault, network({ proxy: proxy(), bypass: [pattern] }));
        assert.equal(found, direct ? undefined : 'http://proxy.example:8080/');
      });
    }

    it('still applies the other lines when one is not a regular expression', () => {
      assert.equal(proxyFor(vault, network({ proxy: proxy(), bypass: ['*', 'contoso-kv'] })), undefined);
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
        const found = proxyFor(vault, network({ proxy: proxy(), noProxy }));
        assert.equal(found, direct ? undefined : 'http://proxy.example:8080/');
      });
    }
  });

  it('gives the proxy user name and password back exactly, whatever they are made of', () => {
    const readBack = (text: string) => decodeURIComponent(text);
    const check = (username: string, password: string) => {
      const url = new URL(proxyFor(vault, network({ proxy: proxy({ username, password }) })) ?? '');
      assert.deepEqual([readBack(url.username), readBack(url.password)], [username, password]);
      assert.equal(url.host, 'proxy.example:8080');
    };
    check(String.raw`do\main user`, 'p@ss:w/ord%');
    fc.assert(fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), check));
  });

  it('sends no credentials to a proxy that the agent has none for', () => {
    const given = proxy({ username: '', password: 'not-a-real-password-1' });
    assert.equal(proxyFor(vault, network({ proxy: given })), 'http://proxy.example:8080/');
  });

  it('shows no password of an address that it cannot use', () => {
    const given = proxy({ url: 'socks5://me:not-a-real-password-1@proxy.example' });
    assert.throws(() => proxyFor(vault, network({ proxy: given })), /proxy 'socks5:\/\/proxy\.example'/);
  });

  for (const url of ['proxy.example:8080', 'socks5://proxy.example', 'http://']) {
    it(`says that '${url}' is no proxy it can use`, () => {
      assert.throws(() => proxyFor(vault, network({ proxy: proxy({ url }) })), {
        message: new RegExp(`^AKV-PROXY: The agent's proxy '${url}' is not an http:// or https:// URL`),
      });
    });
  }
});
