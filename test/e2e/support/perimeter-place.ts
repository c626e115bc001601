import assert from 'node:assert/strict';
import { addShopProfile } from '../../../simulation/azure/perimeter/perimeter-fixture';
import { accessPipeline } from './access-job';
import type { Outcome, TestBed } from './scenarios';

type Behavior = Parameters<typeof addShopProfile>[1];

/** Contoso's vault in an enforced perimeter, and an identity that may keep rules in its profile and nothing else. */
export function enforcePerimeter(testBed: TestBed, behavior: Behavior = {}): PerimeterPlace {
  const profileId = addShopProfile(testBed, behavior);
  const { azure, contoso } = testBed;
  azure.associate({ vault: contoso.vault, profileId, accessMode: 'Enforced' });
  azure.putAccessRule(profileId, 'office', { direction: 'Inbound', addressPrefixes: ['198.51.100.0/24'] });
  return {
    profileId,
    rules: () => azure.accessRules(profileId),
    added: () => addedRules(azure.accessRules(profileId)),
  };
}

export interface PerimeterPlace {
  readonly profileId: string;
  /** What each rule of the profile names. */
  readonly rules: () => Readonly<Record<string, readonly unknown[]>>;
  /** What the task's own rules name. */
  readonly added: () => readonly unknown[];
}

function addedRules(rules: Readonly<Record<string, readonly unknown[]>>): readonly unknown[] {
  return Object.entries(rules).flatMap(([name, networks]) => (name.startsWith('akv-') ? networks : []));
}

/** Permissions with which the task finds the profile by itself. */
export const discoveryActions = [
  'Microsoft.KeyVault/vaults/read',
  'Microsoft.KeyVault/vaults/networkSecurityPerimeterConfigurations/read',
];

/** Removes all permissions of the identity on the vault except these actions and reading secrets. */
export function limitPermissions(
  { azure, contoso }: TestBed,
  actions: readonly string[],
  dataActions: readonly string[] = ['Microsoft.KeyVault/vaults/secrets/getSecret/action'],
): void {
  contoso.revokeRole();
  const { id } = azure.vaultResource(contoso.vault) as { id: string };
  azure.assignRole({ objectId: contoso.application.objectId, scope: id, actions, dataActions });
}

/** A step of the job, which prints `work`. */
export const work = `
  - bash: echo work
`;
/** A pipeline that begins with one step of KeyVaultAgentAccess on Contoso's vault, by the profile. */
export const withProfile = ({ profileId }: PerimeterPlace, more = '') =>
  accessPipeline(`, perimeterProfile: ${profileId}${more}`) + work;
/** This agent's network. */
export const address = '20.50.1.10/32';

/** Runs a job, and notes the perimeter's rules while it works. */
export async function runWatching(
  testBed: TestBed,
  place: PerimeterPlace,
  pipeline: string,
  options: Parameters<TestBed['run']>[1] = {},
): Promise<Outcome & { readonly during: readonly unknown[] }> {
  let during: readonly unknown[] = [];
  const outcome = await testBed.run(pipeline, {
    ...options,
    onLine: (line) => {
      if (line === 'work') during = place.added();
      options.onLine?.(line);
    },
  });
  return { ...outcome, during };
}

/** The job worked with this agent's rule, and everything is afterwards as it was before. */
export async function assertOpened(testBed: TestBed, place: PerimeterPlace, pipeline: string): Promise<Outcome> {
  const [vault, rules] = [testBed.vaultJson(), place.rules()];
  const outcome = await runWatching(testBed, place, pipeline);
  assert.equal(outcome.result, 'Succeeded', outcome.text);
  assert.deepEqual(outcome.during, [address]);
  assert.deepEqual(place.rules(), rules);
  assert.equal(testBed.vaultJson(), vault);
  return outcome;
}

/** What was asked of Azure Resource Manager but reading. */
export const writes = ({ azure }: TestBed) =>
  azure.journal.filter(({ service, method }) => service === 'arm' && method !== 'GET');
