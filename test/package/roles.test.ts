import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ruleActions } from '../../simulation/azure/perimeter/perimeter-fixture';
import { perimeterRefusals } from '../../tasks/keyvault-agent-access/messages/perimeter';
import { explain } from '../../tasks/shared/errors/explain';
import { readJson, root } from '../../scripts/package/definitions';

const role = readJson('docs/key-vault-firewall-operator.json') as { Name: string; Actions: string[] };
const [definition, assignment] = ['', '-assignment'].map((name) =>
  readFileSync(path.join(root, `docs/key-vault-firewall-operator${name}.bicep`), 'utf8'),
) as [string, string];

const perimeterRole = readJson('docs/network-security-perimeter-rule-operator.json') as typeof role;

/** The names of custom roles are unique in a tenant (learn.microsoft.com, "Azure custom roles"). */
describe('the role of KeyVaultAgentAccess', () => {
  it('is the same as JSON, as Bicep and in the log', () => {
    assert.deepEqual(role.Actions, ['Microsoft.KeyVault/vaults/read', 'Microsoft.KeyVault/vaults/write']);
    assert.deepEqual(/ actions: \[([^\]]*)\]/.exec(definition)?.[1]?.match(/[\w./]+/g), role.Actions);
    const denied = { statusCode: 403, host: 'management.azure.com', code: 'AuthorizationFailed', message: 'No.' };
    const { message } = explain(denied);
    const inLog = JSON.parse(/--role-definition '(.*)'$/m.exec(message)?.[1] ?? '{}') as typeof role;
    assert.deepEqual([inLog.Name, inLog.Actions], [role.Name, role.Actions]);
    for (const text of [definition, assignment]) assert.ok(text.includes(`'${role.Name}'`));
  });

  it('is one for all subscriptions of a tenant, which a deployment for a second vault does not narrow', () => {
    assert.match(definition, /^targetScope = 'managementGroup'$/m);
    assert.match(definition, /name: guid\(tenant\(\)\.tenantId, roleName\)/);
    assert.match(assignment, /guid\(tenant\(\)\.tenantId, 'Key Vault Firewall Operator'\)/);
    assert.doesNotMatch(assignment, /resource \w+ 'Microsoft\.Authorization\/roleDefinitions/);
  });
});

describe('the role of KeyVaultAgentAccess for network security perimeters', () => {
  it('is the same as JSON, as Bicep, on its page and in the log', () => {
    const [bicep, assigned, page] = ['rule-operator.bicep', 'rule-operator-assignment.bicep']
      .map((name) => `network-security-perimeter-${name}`)
      .concat('perimeter.md')
      .map((name) => readFileSync(path.join(root, 'docs', name), 'utf8')) as [string, string, string];
    const inText = (text: string) =>
      JSON.parse(/--role-definition '([^']*)'$/m.exec(text)?.[1] ?? '{}') as typeof perimeterRole;
    const { remedy } = perimeterRefusals.unauthorized('contoso/shop', 'id', '/profile', '--assignee x');
    for (const { Name, Actions } of [inText(page), inText(remedy[0] ?? '')]) {
      assert.deepEqual([Name, Actions], [perimeterRole.Name, perimeterRole.Actions]);
    }
    assert.deepEqual(/ actions: \[([^\]]*)\]/.exec(bicep)?.[1]?.match(/[\w./]+/g), perimeterRole.Actions);
    assert.deepEqual(perimeterRole.Actions, ruleActions);
    for (const text of [bicep, assigned]) assert.ok(text.includes(`'${perimeterRole.Name}'`));
  });
});
