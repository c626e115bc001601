import assert from 'node:assert/strict';
import { closingCommand } from '../../tasks/keyvault-agent-access/closing/closing-command';
import { openContoso, type ContosoSite } from '../../simulation/azure/contoso';
import { bodyWithRule, type ReadVault } from '../../simulation/azure/arm/whole-vault-writer';
import { openCli, signIn, type Cli } from './cli';

const secret = 'not-a-real-password-2';

interface AccessPolicy {
  readonly tenantId: string;
  readonly objectId: string;
  readonly permissions: { readonly secrets: readonly string[] };
}

describe("the Azure CLI looks after Contoso's vault", () => {
  let site: ContosoSite;
  let cli: Cli;
  before(async () => {
    site = await openContoso();
    const { application, clientSecret, subscription } = site.contoso;
    const scope = `/subscriptions/${subscription.id}`;
    site.azure.assignRole({ objectId: application.objectId, scope, actions: ['*'], dataActions: ['*'] });
    cli = await openCli(site.azure, await site.azure.connectFrom({ addresses: ['20.1.2.3'] }));
    await signIn(cli, application, clientSecret);
  });
  after(async () => {
    await cli.close();
    await site.stop();
  });
  beforeEach(() => {
    const networkAcls = { bypass: 'AzureServices', defaultAction: 'Deny', ipRules: [], virtualNetworkRules: [] };
    site.azure.changeVault('contoso-kv', { tags: { owner: 'shop' }, properties: { networkAcls } });
  });

  const vault = () => site.azure.vaultResource('contoso-kv') as unknown as ReadVault & { readonly id: string };
  const setRules = (...networks: readonly string[]) => {
    const ipRules = networks.map((value) => ({ value }));
    site.azure.changeVault('contoso-kv', { properties: { networkAcls: { ipRules } } });
  };
  const rules = () => vault().properties.networkAcls.ipRules.map(({ value }) => value);
  const onVault = (...command: readonly string[]) => cli.ask('keyvault', ...command, '--name', 'contoso-kv');
  const onSecrets = (...command: readonly string[]) =>
    cli.run('keyvault', 'secret', ...command, '--vault-name', 'contoso-kv');

  it('lists it', async () => {
    const listed = (await cli.ask('keyvault', 'list')) as readonly Record<string, unknown>[];
    const group = { resourceGroup: 'shop', location: 'westeurope', tags: { owner: 'shop' } };
    const { id } = vault();
    assert.deepEqual(listed, [
      { ...group, id, name: 'contoso-kv', type: 'Microsoft.KeyVault/vaults', systemData: null },
    ]);
    const inGroup = (await cli.ask('keyvault', 'list', '--resource-group', 'shop', '--query', '[].id')) as string[];
    assert.deepEqual(inGroup, [id]);
  });

  it('shows it, found by its name in the subscription', async () => {
    const { properties, tags } = (await onVault('show')) as ReadVault;
    assert.deepEqual(tags, { owner: 'shop' });
    // The CLI shows a null for whatever it knows of and the vault does not have.
    const there = Object.entries(properties).filter(([, value]) => value !== null);
    assert.deepEqual(Object.fromEntries(there), vault().properties);
  });

  it('adds rules, with the body that our foreign writer sends', async () => {
    const before = vault();
    await onVault('network-rule', 'add', '--ip-address', '198.51.100.7');
    assert.deepEqual(rules(), ['198.51.100.7/32']);
    const sent = site.azure.journal.findLast(({ method }) => method === 'PUT');
    assert.deepEqual(JSON.parse(sent?.body ?? ''), bodyWithRule(before, '198.51.100.7'));
    assert.equal(sent?.query['api-version'], '2026-02-01');
  });

  it('adds no rule that overlaps with one that is there', async () => {
    setRules('198.51.100.0/28');
    const { stderr } = await cli.run(
      'keyvault',
      'network-rule',
      'add',
      '-n',
      'contoso-kv',
      '--ip-address',
      '198.51.100.7',
    );
    assert.match(stderr, /198\.51\.100\.7 overlaps with 198\.51\.100\.0\/28, which exists already/);
    assert.deepEqual(rules(), ['198.51.100.0/28']);
  });

  it('lists the rules', async () => {
    setRules('198.51.100.7/32');
    assert.deepEqual(await onVault('network-rule', 'list'), vault().properties.networkAcls);
  });

  it('removes a rule by the bare address', async () => {
    setRules('198.51.100.7/32', '198.51.100.9/32');
    await onVault('network-rule', 'remove', '--ip-address', '198.51.100.7');
    assert.deepEqual(rules(), ['198.51.100.9/32']);
  });

  it('closes by the command that a post-job step gives when it could not, also a second time', async () => {
    setRules('198.51.100.7/32', '20.50.1.10/32', '20.50.1.11/32');
    const opened = { resourceId: vault().id, leaseId: 'ours00', leased: true, added: true };
    const command = closingCommand({ ...opened, rules: ['20.50.1.10/32', '20.50.1.11/32'] });
    for (const round of ['first', 'second']) {
      const { status, stderr } = await cli.shell(command);
      assert.equal(status, 0, `${round}: ${stderr}`);
      assert.deepEqual(rules(), ['198.51.100.7/32']);
    }
  });

  it('keeps what it does not know of a vault when it writes it', async () => {
    const future = { futureMember: { kept: true } };
    site.azure.changeVault('contoso-kv', { properties: { ...future, networkAcls: { ...future } } });
    await onVault('network-rule', 'add', '--ip-address', '198.51.100.7');
    const { properties } = vault();
    assert.deepEqual([properties.futureMember, properties.networkAcls.futureMember], [{ kept: true }, { kept: true }]);
  });

  it('changes default action and bypass, and leaves the rules', async () => {
    setRules('198.51.100.7/32');
    await onVault('update', '--default-action', 'Allow', '--bypass', 'None');
    const { bypass, defaultAction } = vault().properties.networkAcls;
    assert.deepEqual([bypass, defaultAction, rules()], ['None', 'Allow', ['198.51.100.7/32']]);
  });

  it('closes the firewall of a vault that never had one', async () => {
    site.azure.changeVault('contoso-kv', { properties: { networkAcls: null } });
    await onVault('update', '--default-action', 'Deny');
    assert.equal(vault().properties.networkAcls.defaultAction, 'Deny');
  });

  it('gives an identity access to the secrets of a vault with access policies', async () => {
    site.azure.changeVault('contoso-kv', { properties: { enableRbacAuthorization: false } });
    const { objectId, tenantId } = site.contoso.application;
    await onVault('set-policy', '--object-id', objectId, '--secret-permissions', 'get', 'list');
    const [policy, ...others] = vault().properties.accessPolicies as AccessPolicy[];
    assert.deepEqual([policy?.tenantId, policy?.objectId, others], [tenantId, objectId, []]);
    // The CLI keeps them in a set, whose order is another in every run.
    assert.deepEqual(policy?.permissions.secrets.toSorted(), ['get', 'list']);
    site.azure.changeVault('contoso-kv', { properties: { enableRbacAuthorization: true, accessPolicies: [] } });
  });

  it('changes tags', async () => {
    await onVault('update', '--set', 'tags.env=prod');
    assert.deepEqual(vault().tags, { owner: 'shop', env: 'prod' });
  });

  it('reads, merges, replaces and deletes tags by the resource id', async () => {
    const tag = async (...command: readonly string[]): Promise<unknown> => {
      const answer = await cli.ask('tag', ...command, '--resource-id', vault().id);
      return (answer as { properties: { tags: unknown } } | null)?.properties.tags;
    };
    assert.deepEqual(await tag('list'), { owner: 'shop' });
    const merge = ['update', '--operation', 'Merge', '--tags', 'env=prod'];
    assert.deepEqual(await tag(...merge), { owner: 'shop', env: 'prod' });
    assert.deepEqual(await tag('update', '--operation', 'Delete', '--tags', 'owner=shop'), { env: 'prod' });
    assert.deepEqual(await tag('create', '--tags', 'cost=7'), { cost: '7' });
    assert.deepEqual(vault().tags, { cost: '7' });
    await tag('delete', '--yes');
    assert.deepEqual(vault().tags, {});
  });

  it('asks ARM anything with az rest', async () => {
    const url = `https://management.azure.com${vault().id}?api-version=2026-02-01`;
    assert.deepEqual(await cli.ask('rest', '-u', url), vault());
    const body = JSON.stringify({ tags: { by: 'rest' } });
    await cli.ask('rest', '--method', 'patch', '--url', url, '--body', body);
    assert.deepEqual(vault().tags, { by: 'rest' });
  });

  it('lists and shows secrets through the firewall', async () => {
    setRules('20.1.2.3/32');
    const version = site.azure.setSecret('contoso-kv', { name: 'db-password', value: secret, tags: { env: 'prod' } });
    const listed = await onSecrets('list', '--query', '[].{name:name, enabled:attributes.enabled, tags:tags}');
    assert.deepEqual(JSON.parse(listed.stdout), [{ name: 'db-password', enabled: true, tags: { env: 'prod' } }]);
    const shown = await onSecrets('show', '--name', 'db-password', '--query', '{id:id, value:value}');
    const id = `https://contoso-kv.vault.azure.net/secrets/db-password/${version}`;
    assert.deepEqual(JSON.parse(shown.stdout), { id, value: secret });
    const older = await onSecrets('show', '--name', 'db-password', '--version', version, '--query', 'value');
    assert.equal(JSON.parse(older.stdout), secret);
  });

  it('says of a secret that is not there what the vault says', async () => {
    setRules('20.1.2.3/32');
    const { status, stderr } = await onSecrets('show', '--name', 'unknown-secret');
    assert.equal(status, 3);
    assert.match(
      stderr,
      /^ERROR: \(SecretNotFound\) A secret with \(name\/id\) unknown-secret was not found in this key vault/,
    );
  });

  it('says of a closed firewall what the vault says, address and inner code included', async () => {
    const { status, stderr } = await onSecrets('list');
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^ERROR: \(Forbidden\) Client address is not authorized and caller is not a trusted service\.$/m,
    );
    assert.match(stderr, /^Client address: 20\.1\.2\.3$/m);
    assert.match(stderr, /^Inner error: \{\s+"code": "ForbiddenByFirewall"\s+\}$/m);
  });

  it('says of a vault that is not there what ARM says', async () => {
    const { status, stderr } = await cli.run('keyvault', 'show', '-n', 'missing-kv', '-g', 'shop');
    assert.equal(status, 3);
    assert.match(stderr, /^ERROR: \(ResourceNotFound\) The Resource 'Microsoft\.KeyVault\/vaults\/missing-kv' under/);
    const anywhere = await cli.run('keyvault', 'show', '-n', 'missing-kv');
    assert.match(anywhere.stderr, /^ERROR: The Vault 'missing-kv' not found within subscription\.$/m);
  });

  it('says of an address that no rule may have what ARM says', async () => {
    const add = ['keyvault', 'network-rule', 'add', '-n', 'contoso-kv', '--ip-address', '10.0.0.1'];
    const { status, stderr } = await cli.run(...add);
    assert.equal(status, 1);
    assert.match(stderr, /^ERROR: \(BadRequest\) .*10\.0\.0\.1\/32 belongs to forbidden range/m);
  });

  it('gives up under a lock, with the words of ARM', async () => {
    const undo = site.azure.addLock({ scope: vault().id, level: 'ReadOnly' });
    const { stderr } = await cli.run('keyvault', 'update', '-n', 'contoso-kv', '--default-action', 'Allow');
    undo();
    assert.match(stderr, /^ERROR: \(ScopeLocked\) The scope '.*' cannot perform write operation/m);
  });
});
