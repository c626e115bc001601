import assert from 'node:assert/strict';
import { describeScenarios } from './support/scenarios';

describeScenarios('KeyVaultAgentAccess when Azure Resource Manager hangs', {
  'ends the post-job step after 120 s, and reports exactly what remains open and how to close it': async (testBed) => {
    let isClosing = false;
    testBed.azure.fault({ when: ({ service }) => isClosing && service === 'arm', then: 'hang' });
    const result = await testBed.run(
      `
steps:
  - task: KeyVaultAgentAccess@1
    inputs: { azureSubscription: contoso-federated, keyVault: contoso-kv }
  - bash: echo work
`,
      {
        onLine: (line) => {
          isClosing ||= line === 'work';
        },
      },
    );
    assert.equal(result.result, 'SucceededWithIssues', result.text);
    assert.match(result.text, /AKV-TIMEOUT: Timed out after 120 s while closing the firewall/);
    assert.match(
      result.text,
      /The firewall of 'contoso-kv' may still allow 20\.50\.1\.10\/32\. To remove the rule: az keyvault network-rule remove --name contoso-kv --resource-group shop --subscription \S+ --ip-address 20\.50\.1\.10\/32/,
    );
    assert.doesNotMatch(result.text, /raise the input/, 'no input gives the post-job step more time');
  },
});
