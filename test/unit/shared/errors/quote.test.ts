import assert from 'node:assert/strict';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { explain } from '../../../../tasks/shared/errors/explain';
import { answerError } from '../../../../tasks/shared/errors/fault';
import { vaultDenials } from '../../../fixtures/denials';
import { application, context, denied, messageOf } from './denied';

describe("Azure's own words", () => {
  it('keeps the message of a server whose error is a text', () => {
    for (const body of [
      { error: 'The parameter is wrong.' },
      { error: 'x', error_description: 'The parameter is wrong.' },
    ]) {
      const error = answerError({
        status: 400,
        request: { url: 'https://contoso-kv.vault.azure.net/secrets/a' },
        headers: createHttpHeaders(),
        bodyAsText: JSON.stringify(body),
      });
      assert.match(messageOf(error), /^AKV-UNEXPECTED: [^]*^Azure said: HTTP 400: The parameter is wrong\.$/m);
    }
  });

  it('quotes Azure on one line, without tokens and without what the agent masks, and no more than can be read', () => {
    const said = (message: string) => {
      const error = denied({ ...vaultDenials[0]!, message });
      const federation = { issuer: 'https://issuer.example/1', subject: 'sc://contoso/shop/azure', audience: 'x' };
      return explain(error, { ...context, federation }).diagnosis.said ?? '';
    };
    assert.match(said('a\r\nb\u2028c\td\u001b[31m'), /: a b c d \[31m$/);
    assert.match(said('eyJ0eXAi.eyJhdWQi.c2ln back'), /: <token> back$/);
    assert.match(said(`appid=${application}`), /: appid=<application id>$/);
    assert.match(
      said("subject 'sc://contoso/shop/azure' of https://issuer.example/1"),
      /: subject '<subject>' of <issuer>$/,
    );
    assert.match(said('x'.repeat(5_000)), /: x{800}\.\.\.$/);
  });

  it('quotes nothing when Azure has not answered', () => {
    const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', host: 'h.example' });
    assert.doesNotMatch(messageOf(error), /Azure said/);
  });
});
