import assert from 'node:assert/strict';
import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { keepTokens } from '../../../../tasks/shared/sign-in/token-renewal';
import { answer, fakeServer, request, type Reply } from '../fake-azure';

const scope = 'https://vault.azure.net/.default';

/** Each signed credential gives its own token for each scope, always the same. */
function open(...script: readonly [Reply, ...Reply[]]) {
  let signed = 0;
  const masked: string[] = [];
  const sign = (): Promise<TokenCredential> => {
    signed += 1;
    const token = `not-a-real-token-${signed}`;
    return Promise.resolve({
      getToken: (scopes) => Promise.resolve({ token: `${token} ${scopes.toString()}`, expiresOnTimestamp: 0 }),
    });
  };
  const keeper = keepTokens(sign, (text) => masked.push(text));
  const server = fakeServer(...script);
  const client = keeper.withTokenRenewal(server.client);
  const send = async () => {
    const token = await keeper.credential.getToken(scope);
    return client.sendRequest(request(undefined, 'GET', { Authorization: `Bearer ${token?.token ?? ''}` }));
  };
  return { keeper, client, server, send, masked, signed: () => signed };
}

const good = answer(200);
const refused = answer(401, { error: { code: 'Unauthorized' } });

describe('keepTokens', () => {
  it('masks every token it gives out', async () => {
    const { send, masked } = open(refused, good);
    await send();
    assert.deepEqual(masked, [`not-a-real-token-1 ${scope}`, `not-a-real-token-2 ${scope}`]);
  });

  it('asks once more with a new token of the same scope when one is refused', async () => {
    const { send, server } = open(refused, good);
    assert.equal((await send()).status, 200);
    assert.deepEqual(
      server.requests.map(({ authorization }) => authorization),
      [`Bearer not-a-real-token-1 ${scope}`, `Bearer not-a-real-token-2 ${scope}`],
    );
  });

  it('returns the second refusal, and does not continue', async () => {
    const { send, server } = open(refused);
    assert.equal((await send()).status, 401);
    assert.equal(server.requests.length, 2);
  });

  it('uses the new token for later requests that the SDK still makes with the old one', async () => {
    const { client, keeper, server } = open(refused, good);
    const old = await keeper.credential.getToken(scope);
    const sendOld = () =>
      client.sendRequest(request(undefined, 'GET', { Authorization: `Bearer ${old?.token ?? ''}` }));
    await sendOld();
    await sendOld();
    assert.equal(server.requests.length, 3);
    assert.equal(server.requests[2]?.authorization, `Bearer not-a-real-token-2 ${scope}`);
  });

  it('signs in once for all requests that are refused together', async () => {
    const { send, signed } = open(refused, refused, refused, good);
    const answers = await Promise.all([send(), send(), send()]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(signed(), 2);
  });

  for (const [what, headers] of [
    ['without a token, which only asks for one', {}],
    ['with a token that is not one of ours', { Authorization: 'Bearer not-a-real-other-token' }],
  ] as const) {
    it(`leaves a refusal of a request alone ${what}`, async () => {
      const { client, server, signed } = open(refused);
      assert.equal((await client.sendRequest(request(undefined, 'GET', headers))).status, 401);
      assert.deepEqual([server.requests.length, signed()], [1, 0]);
    });
  }

  it('leaves a demand for further claims to the SDK', async () => {
    const demand = answer(401, {}, { 'WWW-Authenticate': 'Bearer error="insufficient_claims", claims="e30="' });
    const { send, server } = open(demand);
    await send();
    assert.equal(server.requests.length, 1);
  });

  it('does not send a refused token again when signing in gives the same one', async () => {
    const same: TokenCredential = {
      getToken: () => Promise.resolve({ token: 'not-a-real-token', expiresOnTimestamp: 0 }),
    };
    const server = fakeServer(refused);
    const keeper = keepTokens(
      () => Promise.resolve(same),
      () => undefined,
    );
    await keeper.credential.getToken(scope);
    const response = await keeper
      .withTokenRenewal(server.client)
      .sendRequest(request(undefined, 'GET', { Authorization: 'Bearer not-a-real-token' }));
    assert.equal(response.status, 401);
    assert.equal(server.requests.length, 1);
  });

  it('returns a refusal each time if signing in returns two refused tokens in turn', async () => {
    const given = ['one', 'other', 'one', 'other', 'one'];
    const server = fakeServer(refused);
    const keeper = keepTokens(
      () => {
        const token = { token: `not-a-real-${given.shift()}`, expiresOnTimestamp: 0 };
        return Promise.resolve({ getToken: () => Promise.resolve(token) });
      },
      () => undefined,
    );
    await keeper.credential.getToken(scope);
    const client = keeper.withTokenRenewal(server.client);
    for (const sent of [2, 3, 4]) {
      const headers = { Authorization: 'Bearer not-a-real-one' };
      assert.equal((await client.sendRequest(request(undefined, 'GET', headers))).status, 401);
      assert.equal(server.requests.length, sent);
    }
  });

  it('fails with the reason of the sign-in when that fails', async () => {
    const credentials: TokenCredential[] = [
      { getToken: () => Promise.resolve({ token: 'not-a-real-token', expiresOnTimestamp: 0 }) },
      { getToken: () => Promise.reject(new Error('AADSTS7000222: expired')) },
    ];
    const keeper = keepTokens(
      () => Promise.resolve(credentials.shift()!),
      () => undefined,
    );
    await keeper.credential.getToken(scope);
    const client = keeper.withTokenRenewal(fakeServer(refused).client);
    await assert.rejects(
      client.sendRequest(request(undefined, 'GET', { Authorization: 'Bearer not-a-real-token' })),
      /AADSTS7000222/,
    );
  });

  describe('prepare', () => {
    /** A credential that answers when the test lets it, and counts its requests. */
    function openSlow() {
      const answers: ((answer: Promise<AccessToken>) => void)[] = [];
      const slow: TokenCredential = { getToken: () => new Promise((resolve) => answers.push(resolve)) };
      const keeper = keepTokens(
        () => Promise.resolve(slow),
        () => undefined,
      );
      return { keeper, answers, token: { token: 'not-a-real-token', expiresOnTimestamp: 0 } };
    }

    /** Lets all pending work that does not wait for an external event finish. */
    const rest = () => new Promise(setImmediate);

    it('begins a sign-in that all who need its token share, whatever else they ask with', async () => {
      const { keeper, answers, token } = openSlow();
      keeper.prepare(scope, { tenantId: 'T1', enableCae: true });
      const orders = [1, 2].map(() =>
        keeper.credential.getToken([scope], { tenantId: 't1', enableCae: true, requestOptions: { timeout: 1 } }),
      );
      await rest();
      answers.forEach((give) => {
        give(Promise.resolve(token));
      });
      assert.deepEqual(await Promise.all(orders), [token, token]);
      assert.equal(answers.length, 1);
    });

    it('keeps its failure for the first caller that needs the token, and only for that one', async () => {
      const { keeper, answers, token } = openSlow();
      keeper.prepare(scope, { tenantId: 't1' });
      await rest();
      answers[0]?.(Promise.reject(new Error('AADSTS7000222: expired')));
      await rest();
      await assert.rejects(keeper.credential.getToken(scope, { tenantId: 't1' }), /AADSTS7000222/);
      const again = keeper.credential.getToken(scope, { tenantId: 't1' });
      await rest();
      answers[1]?.(Promise.resolve(token));
      assert.equal((await again)?.token, token.token);
    });

    for (const [what, options] of [
      ['another tenant', { tenantId: 't2' }],
      ['further claims', { tenantId: 't1', claims: '{}' }],
    ] as const) {
      it(`does not give its token to an order for ${what}`, async () => {
        const { keeper, answers } = openSlow();
        keeper.prepare(scope, { tenantId: 't1' });
        void keeper.credential.getToken(scope, options);
        await rest();
        assert.equal(answers.length, 2);
      });
    }
  });
});
