import assert from 'node:assert/strict';
import { spy } from 'sinon';
import { firstMissing, firstMissingOfList, isText } from '../../../../tasks/shared/http/response-shape';
import { withShapeCheck } from '../../../../tasks/shared/http/shape-check';
import { jsonOf } from '../../../../tasks/shared/errors/fault';
import { DiagnosedError } from '../../../../tasks/shared/errors/diagnosis';
import { answer, fakeServer, request, type Reply } from '../fake-azure';

/** Sends a request through a client that asks for the texts `id` and `a.b`. */
function send(reply: Reply) {
  const client = withShapeCheck(fakeServer(reply).client, (_path, body) =>
    firstMissing(body, { id: isText, 'a.b': isText }),
  );
  return client.sendRequest(request());
}

const whole = { id: 'x', a: { b: 'y' }, more: 1 };

describe('withShapeCheck', () => {
  it('does not parse a body again that a layer below has parsed', async () => {
    const parse = spy(JSON, 'parse');
    try {
      const inner: Reply = async (sent) => {
        const response = await answer(200, whole)(sent);
        jsonOf(response);
        return response;
      };
      await send(inner);
      assert.equal(parse.callCount, 1);
    } finally {
      parse.restore();
    }
  });

  it('gives an answer that has all of them as it is, and more with it', async () => {
    assert.equal((await send(answer(200, whole))).bodyAsText, JSON.stringify(whole));
    assert.equal((await send(answer(201, whole))).status, 201);
  });

  for (const [what, body, missing] of [
    ['nothing', {}, 'id'],
    ['no body', '', 'id'],
    ['an empty text', { ...whole, id: '' }, 'id'],
    ['another type', { ...whole, id: 5 }, 'id'],
    ['a part only', { id: 'x', a: {} }, 'a.b'],
    ['null on the way', { id: 'x', a: null }, 'a.b'],
    ['a text on the way', { id: 'x', a: 'not-a-real-secret-1' }, 'a.b'],
  ] as const) {
    it(`names the host and the first member that is missing in an answer with ${what}, and quotes nothing of it`, async () => {
      await assert.rejects(send(answer(200, body, { 'x-ms-request-id': 'request-1' })), (error) => {
        assert.ok(error instanceof DiagnosedError);
        assert.match(
          error.message,
          new RegExp(
            `^AKV-UNEXPECTED-ANSWER: contoso-kv\\.vault\\.azure\\.net answered HTTP 200 .*'${missing}' is missing`,
          ),
        );
        assert.match(error.message, /^Request id: request-1$/m);
        assert.doesNotMatch(error.message, /not-a-real/);
        return true;
      });
    });
  }

  it('leaves refusals to those who explain them', async () => {
    assert.equal((await send(answer(404, {}))).status, 404);
    assert.equal((await send(answer(401, ''))).status, 401);
  });
});

describe('firstMissingOfList', () => {
  for (const [what, list, missing] of [
    ['is empty', { value: [] }, undefined],
    ['has whole entries', { value: [{ id: 'x' }, { id: 'y' }] }, undefined],
    ['has no entries', {}, 'value'],
    ['has something else instead of entries', { value: { id: 'x' } }, 'value'],
    ['has an entry without a member', { value: [{ id: 'x' }, {}] }, 'value[].id'],
    ['has a null entry', { value: [null] }, 'value[].id'],
  ] as const) {
    it(`says what is missing of a list that ${what}: ${missing ?? 'nothing'}`, () => {
      assert.equal(firstMissingOfList(list, { id: isText }), missing);
    });
  }
});
