import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { readingOf, toOutcome } from '../../../../tasks/keyvault-agent-access/adapters/vault-answer';

const url = 'https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/app-kv';
const answer = (status: number, body: object, headers: Record<string, string> = {}) => ({
  ...{ status, bodyAsText: JSON.stringify(body), headers: createHttpHeaders(headers) },
  request: createPipelineRequest({ url }),
});
const refusal = (code: string, more: object = {}) => ({ error: { code, message: 'No.', ...more } });
const judged = (...paths: string[]) => ({
  additionalInfo: [
    {
      type: 'PolicyViolation',
      info: { evaluationDetails: { evaluatedExpressions: paths.map((path) => ({ result: 'True', path })) } },
    },
  ],
});

describe('vault answer', () => {
  it("tells Azure's time, or that Azure did not say", () => {
    const dated = answer(200, { id: 'x' }, { Date: 'Thu, 01 Jan 2026 00:00:07 GMT' });
    assert.deepEqual(readingOf(dated), { resource: { id: 'x' }, time: Date.UTC(2026, 0, 1, 0, 0, 7) });
    assert.equal(readingOf(answer(200, {})).time, Number.NaN);
  });

  it('retries to read a vault that is not found', () => {
    assert.equal(toOutcome(answer(404, refusal('ResourceNotFound')), {}).kind, 'uncertain');
  });

  const rows: readonly (readonly [string, number, object, boolean])[] = [
    [
      'a policy that has judged the tags',
      403,
      refusal('RequestDisallowedByPolicy', judged('tags[KvAgentAccess]')),
      true,
    ],
    ['a policy that does not say what it has judged', 403, refusal('RequestDisallowedByPolicy'), true],
    ['a policy on other members', 403, refusal('RequestDisallowedByPolicy', judged('properties.networkAcls')), false],
    ["ARM's own check of tags", 400, refusal('InvalidTagNameCharacters'), true],
    ['a lock on a vault with a tag in its name', 409, refusal('ScopeLocked', { message: 'price-tag-kv' }), false],
    ['missing permissions', 403, refusal('AuthorizationFailed', { message: 'tags/write' }), false],
  ];
  for (const [title, status, body, tagsRefused] of rows) {
    it(`says of ${title} that the tags ${tagsRefused ? 'may be the reason' : 'are not the reason'}`, () => {
      const outcome = toOutcome(answer(status, body), {});
      assert.equal(outcome.kind === 'refused' && outcome.tagsRefused, tagsRefused);
    });
  }
});
