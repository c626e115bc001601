import assert from 'node:assert/strict';
import type { SignedMemory } from '../../../../tasks/keyvault-agent-access/protocol/signed-memory';
import {
  recallSurroundings,
  rememberSurroundings,
  requireCertainProxy,
} from '../../../../tasks/keyvault-agent-access/connection/surroundings';
import type { Surroundings } from '../../../../tasks/shared/agent/surroundings';
import { DiagnosedError } from '../../../../tasks/shared/errors/diagnosis';
import { findCloud } from '../../../../tasks/shared/sign-in/cloud';

const cloud = findCloud('AzureCloud');
assert.ok(cloud !== undefined);
const vaults = [{ name: 'contoso-kv' }];

const seen = (proxy?: Surroundings['proxy'], noProxy = ''): Surroundings => ({
  choice: 'agent',
  ...(proxy === undefined ? {} : { proxy }),
  bypass: [],
  noProxy,
  authorities: [],
  assertion: {} as Surroundings['assertion'],
});
const uncertain = { url: 'http://proxy.example:8080', isTrusted: false };

describe('the surroundings of the opening step', () => {
  it('are those of the post-job step, and of no other than a record of this job', async () => {
    const texts = new Map<string, string>();
    const memory: SignedMemory = {
      read: (name) => ({ kind: 'authentic', text: texts.get(name) ?? '' }),
      remember: (name, text) => Promise.resolve(void texts.set(name, text)),
    };
    await rememberSurroundings(memory, seen(uncertain));
    assert.deepEqual(recallSurroundings(memory), seen(uncertain));
    for (const kind of ['nothing', 'forged'] as const) {
      assert.equal(recallSurroundings({ ...memory, read: () => ({ kind }) }), undefined);
    }
  });

  it('must not have a proxy that only variables name, because the vault would see its address', () => {
    assert.throws(
      () => {
        requireCertainProxy({ networks: [], vaults }, seen(uncertain), cloud);
      },
      (error) => error instanceof DiagnosedError && error.diagnosis.code === 'AKV-PROXY',
    );
  });

  for (const [title, networks, surroundings] of [
    ['there is none', [], seen()],
    ['the agent was configured with it', [], seen({ ...uncertain, isTrusted: true })],
    ['the step names the addresses', ['20.50.1.10/32'], seen(uncertain)],
    ['the vault is reached directly', [], seen(uncertain, '.vault.azure.net')],
  ] as const) {
    it(`may have a proxy or none if ${title}`, () => {
      assert.doesNotThrow(() => {
        requireCertainProxy({ networks, vaults }, surroundings, cloud);
      });
    });
  }
});
