import assert from 'node:assert/strict';
import type { AssertionAddress } from '../../../../tasks/shared/agent/job';
import { withShapeCheck } from '../../../../tasks/shared/http/shape-check';
import { createAssertionSource } from '../../../../tasks/shared/sign-in/oidc';
import { missingFromAssertion } from '../../../../tasks/shared/sign-in/response-shape';
import { answer, fakeClock, fakeServer, type Reply } from '../fake-azure';

const path = '/_apis/distributedtask/hubs/build/plans/plan-1/jobs/job-1/oidctoken';
const facts: AssertionAddress = {
  requestUri: `https://dev.azure.com/contoso/project-1${path}`,
  collectionUri: 'https://dev.azure.com/contoso/',
  serverUrl: 'https://dev.azure.com/contoso/',
  projectId: 'project-1',
  hub: 'build',
  planId: 'plan-1',
  jobId: 'job-1',
};

/** A JWT without a valid signature. */
function assertion(claims: object): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.bm90LWEtcmVhbC1zaWduYXR1cmU`;
}

function open(...script: readonly [Reply, ...Reply[]]) {
  return openAt(facts, ...script);
}

function openAt(address: AssertionAddress, ...script: readonly [Reply, ...Reply[]]) {
  const clock = fakeClock();
  const server = fakeServer(...script);
  const masked: string[] = [];
  const mask = (text: string) => masked.push(text);
  return {
    clock,
    server,
    masked,
    source: createAssertionSource('connection-1', address, {
      ...{ client: withShapeCheck(server.client, missingFromAssertion), clock, mask },
      accessToken: 'not-a-real-job-token-1',
    }),
  };
}

/** An answer of Azure DevOps with an assertion that expires this many seconds after noon. */
function given(name: string, seconds: number): Reply {
  const exp = Date.parse('2026-03-01T12:00:00Z') / 1000 + seconds;
  return answer(200, {
    oidcToken: assertion({ name, exp, iss: 'https://issuer.example', sub: 'sc://a/b/c', aud: 'api://x' }),
  });
}

function nameIn(text: string): unknown {
  return (JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as { name: unknown }).name;
}

/** Where an assertion is requested, without the query. */
async function urlAsked(address: AssertionAddress): Promise<string | undefined> {
  const { server, source } = openAt(address, given('first', 600));
  await source.get();
  return server.requests[0]?.url.split('?')[0];
}

describe('the address of an assertion', () => {
  it('is System.OidcRequestUri when that is on the server of the agent', async () => {
    assert.equal(await urlAsked(facts), facts.requestUri);
  });

  const sameServer: readonly (readonly [string, string, string])[] = [
    ['both names of Azure DevOps Services', 'https://dev.azure.com/contoso/x', 'https://contoso.visualstudio.com/'],
    ['its names the other way round', 'https://contoso.visualstudio.com/x', 'https://dev.azure.com/contoso/'],
    ['the host that serves releases', 'https://vsrm.dev.azure.com/contoso/x', 'https://dev.azure.com/contoso/'],
    ['a server of its own', 'https://devops.example/tfs/x', 'https://devops.example/tfs/'],
    ['the same port', 'https://devops.example:8443/x', 'https://devops.example:8443/'],
  ];
  for (const [what, requestUri, serverUrl] of sameServer) {
    it(`trusts ${what}`, async () => {
      assert.equal(await urlAsked({ ...facts, requestUri, serverUrl }), requestUri);
    });
  }

  const hostile = [
    'https://evil.example/contoso',
    'http://dev.azure.com/contoso',
    'https://dev.azure.com.evil.example/',
    'https://evildev.azure.com.example/',
    'https://notdev.azure.com/',
    'https://dev.azure.com@evil.example/',
    'https://evil.example/?dev.azure.com',
    'https://evil.example#dev.azure.com',
    'https://xvisualstudio.com/',
    '//evil.example/',
    'file:///etc/hostname',
    'javascript:alert(1)',
    'not a URL',
    '',
  ];
  for (const requestUri of hostile) {
    it(`constructs the address instead of trusting '${requestUri}'`, async () => {
      assert.equal(await urlAsked({ ...facts, requestUri }), facts.requestUri);
    });

    it(`does not trust a collection '${requestUri}' either`, async () => {
      assert.equal(await urlAsked({ ...facts, requestUri: '', collectionUri: requestUri }), facts.requestUri);
    });
  }

  it('does not trust Azure DevOps Services when the agent is of another server', async () => {
    const url = await urlAsked({ ...facts, serverUrl: 'https://devops.example/tfs/', collectionUri: '' });
    assert.equal(url, `https://devops.example/tfs/project-1${path}`);
  });

  it("has the hub of a classic release's job", async () => {
    const url = await urlAsked({ ...facts, requestUri: '', hub: 'release' });
    assert.equal(url, facts.requestUri.replace('/hubs/build/', '/hubs/release/'));
  });

  for (const name of ['serverUrl', 'projectId', 'hub', 'planId', 'jobId'] as const) {
    it(`fails with advice when the agent gives no ${name}`, async () => {
      await assert.rejects(urlAsked({ ...facts, requestUri: '', [name]: '' }), {
        message: /^AKV-OIDC: The agent did not say where to request[^]*current agent version/,
      });
    });
  }
});

describe('createAssertionSource', () => {
  it("asks once, with the job's token, for the connection's assertion, and masks it", async () => {
    const { source, server, masked } = open(given('first', 600));
    const [one, other] = await Promise.all([source.get(), source.get()]);
    assert.equal(nameIn(one), 'first');
    assert.equal(other, one);
    assert.equal(await source.get(), one);
    assert.deepEqual(server.requests, [
      {
        method: 'POST',
        url: `${facts.requestUri}?api-version=7.1&serviceConnectionId=connection-1`,
        authorization: 'Bearer not-a-real-job-token-1',
      },
    ]);
    assert.deepEqual(masked, [one]);
  });

  it('asks again a minute before the assertion expires, not before', async () => {
    const { source, clock } = open(given('first', 600), given('second', 1_200));
    await source.get();
    clock.pass(540_000);
    assert.equal(nameIn(await source.get()), 'first');
    clock.pass(1);
    assert.equal(nameIn(await source.get()), 'second');
  });

  it('asks again when the last one was refused', async () => {
    const { source } = open(given('first', 600), given('second', 600));
    await source.get();
    source.forget();
    assert.equal(nameIn(await source.get()), 'second');
  });

  it('keeps an assertion of unknown life for a minute', async () => {
    const opaque = answer(200, { oidcToken: 'not-a-real-jwt' });
    const { source, clock, server } = open(opaque);
    await source.get();
    clock.pass(60_000);
    await source.get();
    assert.equal(server.requests.length, 1);
    clock.pass(1);
    await source.get();
    assert.equal(server.requests.length, 2);
  });

  it('tells issuer, subject and audience of the assertion', async () => {
    const { source } = open(given('first', 600));
    assert.equal(source.claims(), undefined);
    await source.get();
    assert.deepEqual(source.claims(), { issuer: 'https://issuer.example', subject: 'sc://a/b/c', audience: 'api://x' });
  });

  it('leaves the diagnosis of a busy or failing server to other code', async () => {
    const { source } = open(answer(503));
    await assert.rejects(source.get(), { statusCode: 503 });
  });

  for (const [what, reply, status] of [
    ['a refusal', answer(401), 401],
    ['a redirect to a sign-in page', answer(302), 302],
    ['an unknown job', answer(404, { message: 'no such job' }), 404],
  ] as const) {
    it(`explains ${what}, shows no token, and asks again the next time`, async () => {
      const { source } = open(reply, given('second', 600));
      await assert.rejects(source.get(), (error: Error) => {
        assert.match(error.message, new RegExp(`^AKV-OIDC: dev\\.azure\\.com answered HTTP ${status} `));
        assert.match(error.message, /allow this pipeline to use it/);
        assert.doesNotMatch(error.message, /not-a-real/);
        return true;
      });
      assert.equal(nameIn(await source.get()), 'second');
    });
  }

  for (const [what, body] of Object.entries({
    'without a token': { value: 'x' },
    'with an empty token': { oidcToken: '' },
    'with a token that is no text': { oidcToken: 5 },
    'without a body': '',
  })) {
    it(`takes a success ${what} for an answer of something else, and asks again the next time`, async () => {
      const { source } = open(answer(200, body), given('second', 600));
      await assert.rejects(source.get(), /AKV-UNEXPECTED-ANSWER: dev\.azure\.com answered HTTP 200 .*'oidcToken'/);
      assert.equal(nameIn(await source.get()), 'second');
    });
  }
});
