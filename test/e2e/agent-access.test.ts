import assert from 'node:assert/strict';
import { describeScenarios, type TestBed } from './support/scenarios';
import { rulesOf } from './support/vault-state';

const openIt = (inputs = '') => `
steps:
  - task: KeyVaultAgentAccess@1
    name: access
    inputs:
      azureSubscription: contoso-federated
      keyVault: contoso-kv
${inputs.replace(/^(?=.)/gm, '      ')}
`;

/** Gives the vault what a real one has: rules of others, tags, and members that no SDK knows. */
function seedVault({ azure, contoso }: TestBed): void {
  azure.changeVault(contoso.vault, {
    tags: { owner: 'shop', costCenter: '4711' },
    properties: {
      futureMember: { nested: ['kept'] },
      networkAcls: {
        futureAcl: 'kept',
        ipRules: [{ value: '198.51.100.0/24', note: 'office' }, { value: '203.0.113.7/32' }],
      },
    },
  });
}

/** Records the vault's rules when a line appears in the log. */
function watch(testBed: TestBed, line: string) {
  const seen: { rules?: string[] } = {};
  return {
    seen,
    onLine: (text: string) => {
      if (text.includes(line)) {
        seen.rules ??= rulesOf(testBed);
      }
    },
  };
}

const work = `
  - bash: echo "the job works"
    displayName: Work
`;

describeScenarios('KeyVaultAgentAccess', {
  "allows the agent's own address during the job and leaves the vault unchanged, byte for byte": async (testBed) => {
    seedVault(testBed);
    const before = testBed.vaultJson();
    const { seen, onLine } = watch(testBed, 'Starting: Work');
    const result = await testBed.run(openIt() + work, { onLine });
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(seen.rules, ['198.51.100.0/24', '203.0.113.7/32', '20.50.1.10/32']);
    assert.equal(testBed.vaultJson(), before);
    assert.equal(result.outputVariables['access.agentIpAddress']?.value, '20.50.1.10');
    assert.deepEqual(result.unprocessedCommands, []);
    const patches = testBed.azure.journal.filter(({ method }) => method === 'PATCH');
    assert.equal(patches.length, 2, 'one PATCH to open, one to close');
  },

  'closes the vault after a later step has failed': async (testBed) => {
    seedVault(testBed);
    const before = testBed.vaultJson();
    const result = await testBed.run(`${openIt()}
  - bash: exit 3
`);
    assert.equal(result.result, 'Failed');
    assert.match(result.text, /20\.50\.1\.10\/32 removed/);
    assert.equal(testBed.vaultJson(), before);
  },

  'closes the vault after the job was canceled in a later step': async (testBed) => {
    seedVault(testBed);
    const before = testBed.vaultJson();
    const cancel = new AbortController();
    const onLine = (text: string) => {
      if (text.includes('working long')) {
        cancel.abort();
      }
    };
    const result = await testBed.run(
      `${openIt()}
  - bash: echo "working long"; sleep 60
`,
      { signal: cancel.signal, onLine, waits: { interrupt: 200, terminate: 200 } },
    );
    assert.equal(result.result, 'Canceled');
    assert.equal(testBed.vaultJson(), before);
  },

  'closes the vault after it was canceled while it waited for access': {
    with: { vault: { propagation: { frontEnds: 1, delay: () => 3_600_000 } } },
    run: async (testBed) => {
      const before = testBed.vaultJson();
      const cancel = new AbortController();
      const onLine = (text: string) => {
        if (text.includes('still refuses this agent')) {
          assert.deepEqual(rulesOf(testBed), ['20.50.1.10/32']);
          cancel.abort();
        }
      };
      const result = await testBed.run(openIt(), { signal: cancel.signal, onLine });
      assert.equal(result.result, 'Canceled');
      assert.match(result.text, /AKV-CANCELED/);
      assert.equal(testBed.vaultJson(), before);
    },
  },

  'closes the vault after its own process was killed directly after the change': async (testBed) => {
    const before = testBed.vaultJson();
    const result = await testBed.run(openIt() + work, {
      onProcess: (_step, phase, child) => {
        if (phase === 'main' && child.spawnargs.some((argument) => argument.endsWith('main.js'))) {
          const timer = setInterval(() => {
            if (rulesOf(testBed).length > 0) {
              child.kill('SIGKILL');
              clearInterval(timer);
            }
          }, 5);
          child.once('exit', () => {
            clearInterval(timer);
          });
        }
      },
    });
    assert.equal(result.result, 'Failed');
    assert.match(result.text, /20\.50\.1\.10\/32 removed/);
    assert.equal(testBed.vaultJson(), before);
  },

  'opens before the first step if it runs as pre-job': async (testBed) => {
    const before = testBed.vaultJson();
    const { seen, onLine } = watch(testBed, 'Starting: Work');
    const result = await testBed.run(openIt('runAsPreJob: true') + work, { onLine });
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(seen.rules, ['20.50.1.10/32']);
    assert.deepEqual(
      result.steps
        .filter(({ displayName }) => displayName === 'KeyVaultAgentAccess')
        .map(({ phase, result: outcome }) => `${phase} ${outcome}`),
      ['pre Succeeded', 'main Skipped', 'post Succeeded'],
    );
    assert.equal(testBed.vaultJson(), before);
  },

  'waits until all front ends of the vault apply the rule': {
    with: { vault: { propagation: { frontEnds: 3, delay: (frontEnd) => frontEnd * 4_000 } } },
    run: async (testBed) => {
      const result = await testBed.run(openIt() + work);
      assert.equal(result.result, 'Succeeded', result.text);
      assert.match(result.text, /still refuses this agent/);
      const checks = testBed.azure.journal.filter(({ path }) => path === '/secrets');
      assert.deepEqual(
        checks.slice(-3).map(({ status }) => status),
        [200, 200, 200],
      );
      assert.equal(
        new Set(checks.map(({ connection }) => connection)).size,
        checks.length,
        'each access check on a connection of its own',
      );
    },
  },

  'changes nothing when the vault allows all networks': async (testBed) => {
    testBed.azure.changeVault(testBed.contoso.vault, {
      properties: { networkAcls: { defaultAction: 'Allow', ipRules: [] } },
    });
    const before = testBed.vaultJson();
    const result = await testBed.run(openIt());
    assert.equal(result.result, 'Succeeded', result.text);
    assert.match(result.text, /allows all networks \(default action Allow\); nothing to do/);
    assert.equal(testBed.azure.journal.filter(({ method }) => method === 'PATCH').length, 0);
    assert.equal(testBed.vaultJson(), before);
  },

  "keeps someone else's rule for the same address": async (testBed) => {
    testBed.azure.changeVault(testBed.contoso.vault, {
      properties: { networkAcls: { ipRules: [{ value: '20.50.0.0/16' }] } },
    });
    const before = testBed.vaultJson();
    const result = await testBed.run(openIt());
    assert.equal(result.result, 'Succeeded', result.text);
    assert.match(result.text, /already allowed by an existing rule: nothing added, nothing will be removed/);
    assert.equal(testBed.azure.journal.filter(({ method }) => method === 'PATCH').length, 0);
    assert.equal(testBed.vaultJson(), before);
  },

  'adds its own rule if the vault accepts the agent by a rule that was just removed': {
    with: { vault: { propagation: { frontEnds: 1, delay: () => 3_600_000 } } },
    run: async (testBed) => {
      const { azure, contoso } = testBed;
      const allow = (...rules: string[]) => {
        azure.changeVault(contoso.vault, {
          properties: { networkAcls: { ipRules: rules.map((value) => ({ value })) } },
        });
      };
      allow('20.50.1.10/32');
      azure.passTime(2 * 3_600_000);
      allow();
      const before = testBed.vaultJson();
      const { seen, onLine } = watch(testBed, 'Starting: Work');
      const result = await testBed.run(openIt() + work, { onLine });
      assert.equal(result.result, 'Succeeded', result.text);
      assert.deepEqual(seen.rules, ['20.50.1.10/32']);
      assert.equal(testBed.vaultJson(), before);
    },
  },

  'adds its rule once although the answer to its change is lost': async (testBed) => {
    const before = testBed.vaultJson();
    const isPatch = ({ method }: { method: string }) => method === 'PATCH';
    testBed.azure.fault({ when: isPatch, times: 1, then: 'reset-after' });
    const { seen, onLine } = watch(testBed, 'Starting: Work');
    const result = await testBed.run(openIt() + work, { onLine });
    assert.equal(result.result, 'Succeeded', result.text);
    assert.deepEqual(seen.rules, ['20.50.1.10/32']);
    assert.equal(testBed.vaultJson(), before);
  },

  'reports the missing permission, and how to grant it, if the identity has no permissions on the vault': async (
    testBed,
  ) => {
    testBed.contoso.revokeRole();
    const result = await testBed.run(openIt('resourceGroupName: shop'));
    assert.equal(result.result, 'Failed');
    assert.match(
      result.text,
      /##\[error\]AKV-ARM-ACCESS: .*is not authorized to perform Microsoft\.KeyVault\/vaults\/read/,
    );
    assert.match(result.text, /az role assignment create --role/);
  },

  'reports the same if it must find the vault by its name': async (testBed) => {
    testBed.contoso.revokeRole();
    const result = await testBed.run(openIt());
    assert.equal(result.result, 'Failed');
    assert.match(result.text, /##\[error\]AKV-ARM-(ACCESS|NOT-FOUND): .*(does not have authorization|found no vault)/s);
  },

  'needs only to read and to write this vault in Azure Resource Manager': async (testBed) => {
    const result = await testBed.run(openIt() + work);
    assert.equal(result.result, 'Succeeded', result.text);
    const asked = testBed.azure.journal.filter(({ service }) => service === 'arm');
    const kinds = new Set(
      asked.map(({ method, path }) => `${method} ${path.endsWith('/vaults/contoso-kv') ? 'vault' : path}`),
    );
    assert.deepEqual([...kinds].sort(), [
      'GET /subscriptions/22222222-2222-4222-8222-222222222222/resources',
      'GET vault',
      'PATCH vault',
    ]);
    assert.ok(
      asked.every(({ status }) => status === 200),
      'and the role with these two actions is enough',
    );
  },

  'explains all wrong inputs together': async (testBed) => {
    const result = await testBed.run(openIt('ipAddresses: 10.0.0.1\nleaseMinutes: soon\naction: close'));
    assert.equal(result.result, 'Failed');
    assert.match(result.text, /Input 'ipAddresses': '10\.0\.0\.1' is not public/);
    assert.match(result.text, /Input 'leaseMinutes': 'soon' is not valid; allowed: a whole number from 1 to 43200/);
    assert.match(result.text, /Input 'action': 'close' is not valid; allowed: allow, check, sweep/);
    assert.equal(testBed.azure.journal.length, 0, 'nothing was asked of Azure');
  },
});
