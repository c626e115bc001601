import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openContoso, type ContosoSite } from '../../simulation/azure/contoso';
import { openCli, signIn, type Cli } from './cli';
import { diagnosedCommands, documentedCommands } from './cli-commands';

/**
 * How a command ends that the CLI understood and for which the simulation has no service: directory (Microsoft Graph),
 * role assignments, locks, virtual machines, writing secrets; hosts it does not know; or that names a vault or a rule that is there already or is not there. Anything else
 * is a mistake of ours.
 */
const notSimulated = [
  /ERROR: AADSTS500011: The resource principal named (https:\/\/graph\.microsoft\.com\/|499b84ac-)/,
  /ERROR: \(InvalidResourceType\) /,
  /ERROR: \(MethodNotAllowed\) Method (PUT|PATCH) is not simulated\./,
  /ERROR: \(NotFound\) The requested resource does not exist\./,
  /ERROR: \(ResourceGroupNotFound\) Resource group 'contoso-shop' could not be found\./,
  /ERROR: \(VaultAlreadyExists\) /,
  /ERROR: Some resources failed to be deleted/,
  /ERROR: Unable to get extension index\./,
];

/** `az devops`, `az graph` and `az network perimeter` are no part of the CLI: they come with extensions that have to be downloaded. */
const isPartOfTheCli = ({ line }: { readonly line: string }): boolean =>
  !/^az (devops|graph|network perimeter) /.test(line);

const role = 'key-vault-firewall-operator.json';

describe('the Azure CLI understands every command that users are advised to run', () => {
  let site: ContosoSite;
  let cli: Cli;
  let variables: Readonly<Record<string, string>>;
  before(async () => {
    site = await openContoso();
    const { application, clientSecret, connection, subscription, tenant } = site.contoso;
    const scope = `/subscriptions/${subscription.id}`;
    site.azure.assignRole({ objectId: application.objectId, scope, actions: ['*'], dataActions: ['*'] });
    const { id } = site.azure.vaultResource('contoso-kv') as { id: string };
    site.azure.addVault({ subscription, resourceGroup: 'shop', name: 'my-vault' });
    for (const name of ['api-key', 'tls-cert'])
      site.azure.setSecret('contoso-kv', { name, value: 'not-a-real-value-1' });
    variables = { app: application.clientId, vault: id, issuer: connection.issuer, subject: connection.subject };
    cli = await openCli(site.azure, await site.azure.connectFrom({ addresses: ['20.1.2.3'] }));
    await signIn(cli, { tenantId: tenant.id, clientId: application.clientId }, clientSecret);
    const definition = (await readFile(join('docs', role), 'utf8')).replace('<subscription id>', subscription.id);
    for (const name of [role, 'role.json']) await writeFile(join(cli.folder, name), definition);
  });
  after(async () => {
    await cli.close();
    await site.stop();
  });
  beforeEach(() => {
    const networkAcls = { defaultAction: 'Deny', ipRules: [{ value: '20.1.2.3/32' }] };
    site.azure.changeVault('contoso-kv', {
      properties: { enableRbacAuthorization: true, publicNetworkAccess: 'Enabled', networkAcls },
    });
  });

  const commands = [...documentedCommands('docs'), ...diagnosedCommands('tasks')].filter(isPartOfTheCli);

  it('in code blocks, in the text of pages, and in the texts of the tasks', () => {
    for (const start of [
      'app=$(az ad app create ',
      'az lock list --resource-group ',
      'az keyvault network-rule remove ',
    ]) {
      assert.ok(
        commands.some(({ line }) => line.startsWith(start)),
        start,
      );
    }
  });

  for (const { where, line } of commands) {
    it(`${where}: ${line}`, async () => {
      // What this command is for, and the CLI looks whether the vault is one of those.
      if (line.startsWith('az keyvault set-policy ')) {
        site.azure.changeVault('contoso-kv', { properties: { enableRbacAuthorization: false } });
      }
      // A command that is only mentioned has no options; its help shows that it exists.
      const { status, stderr } = await cli.shell(/ --?\w/.test(line) ? line : `${line} --help`, variables);
      const complaint = /^ERROR: .*/m.exec(stderr)?.[0];
      const isUnderstood =
        complaint === undefined ? status === 0 : notSimulated.some((pattern) => pattern.test(complaint));
      assert.ok(isUnderstood, `ended with ${status}:\n${stderr}`);
    });
  }
});
