// cspell:ignore planjob
import assert from 'node:assert/strict';
import { createRequestIds, withRequestIds } from '../../../../tasks/shared/http/request-ids';
import { answer, request } from '../fake-azure';

const job = ['https://dev.azure.com/contoso/', 'plan', 'job'];

describe('createRequestIds', () => {
  it('makes UUIDs, each its own, that begin alike in all steps of a job', () => {
    const steps = [createRequestIds(job), createRequestIds(job)];
    const ids = steps.flatMap((step) => Array.from({ length: 300 }, () => step.next()));
    assert.equal(new Set(ids).size, 600);
    for (const id of ids) {
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.ok(steps.every(({ prefix }) => id.startsWith(prefix)));
    }
  });

  it('makes others for another job', () => {
    const others = [
      ['https://dev.azure.com/fabrikam/', 'plan', 'job'],
      ['https://dev.azure.com/contoso/', 'planjob', ''],
    ];
    const prefixes = [job, ...others].map((one) => createRequestIds(one).prefix);
    assert.equal(new Set(prefixes).size, 3);
  });

  it('sends nothing but a hash of variables that a step may have set', () => {
    const id = createRequestIds(['\r\nHost: evil.example', '##vso[task.complete]', '']).next();
    assert.match(id, /^[0-9a-f-]{36}$/);
  });
});

describe('withRequestIds', () => {
  it('replaces an ID that the SDK created', async () => {
    const seen: string[] = [];
    const ids = createRequestIds(job);
    const client = withRequestIds(
      {
        sendRequest: (sent) => {
          seen.push(sent.headers.get('x-ms-client-request-id') ?? '');
          return answer(200)(sent);
        },
      },
      ids,
    );
    await client.sendRequest(request(undefined, 'GET', { 'x-ms-client-request-id': 'made-by-the-sdk' }));
    assert.equal(seen.length, 1);
    assert.ok(seen[0]?.startsWith(ids.prefix));
  });
});
