/** Changes and reads the state of the simulated Azure, as its administrators would. */
import { patchVault, putVault, showVault } from './arm/vaults';
import type { VaultResource } from './arm/vaults';
import { clouds } from './clouds';
import type { CloudName } from './clouds';
import type { RoleAssignment } from './arm/role-assignments';
import type { Perimeter } from './vault/firewall';
import { setSecret } from './vault/secret-store';
import type { NewSecret } from './vault/secret-store';

export type { NewSecret } from './vault/secret-store';
import type { ServicePorts } from './http/service-ports';
import { administerPerimeters } from './perimeter/administration';
import type { PerimeterAdministration } from './perimeter/administration';
import { createVaultState, storeVault, vaultUriOf } from './world';
import type { Application, PipelineJob, Policy, ResourceLock, ServiceConnection, Subscription, Tenant } from './world';
import type { VaultBehavior, VaultState, World } from './world';

type Json = Readonly<Record<string, unknown>>;

/** Removes what was added. */
export type Undo = () => void;

interface NewVault extends VaultBehavior {
  readonly subscription: Subscription;
  /** Created if the subscription does not have it. */
  readonly resourceGroup: string;
  readonly name: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Members of ARM's `properties`; those that are absent have the values of a new vault with role-based access. */
  readonly properties?: Json;
}

export interface Population extends PerimeterAdministration {
  addTenant(tenant?: { readonly id?: string; readonly domain?: string; readonly cloud?: CloudName }): Tenant;
  addApplication(application: Partial<Omit<Application, 'tenantId'>> & { readonly tenant: Tenant }): Application;
  addSubscription(subscription: {
    readonly tenant: Tenant;
    readonly id?: string;
    readonly displayName?: string;
  }): Subscription;
  addVault(vault: NewVault): VaultResource;
  /** Adds a version, which becomes the current one. Returns its 32 hex digits. */
  setSecret(vault: string, secret: NewSecret): string;
  /** Soft-deletes a secret. */
  deleteSecret(vault: string, secret: string): void;
  assignRole(assignment: Pick<RoleAssignment, 'objectId' | 'scope'> & Partial<RoleAssignment>): Undo;
  addLock(lock: ResourceLock): Undo;
  addPolicy(policy: Policy): Undo;
  addJob(job: PipelineJob): void;
  addServiceConnection(connection: ServiceConnection): void;
  /** Another writer's PATCH, done immediately. */
  changeVault(vault: string, patch: Json): void;
  /** Puts the vault behind a perimeter that is defined by a function, without resources; undefined removes it. */
  setPerimeter(vault: string, perimeter: Perimeter | undefined): void;
  /** Another writer deletes the vault. */
  deleteVault(vault: string): void;
  /** The vault as ARM's GET answers it. */
  vaultResource(vault: string): Json;
}

/** Administrators of a world. */
export function populate(world: World, ports: ServicePorts): Population {
  return {
    ...administerDirectory(world, ports),
    ...administerVaults(world, ports),
    ...administerPerimeters(world, ports),
    assignRole: (assignment) => add(world.assignments, { actions: [], dataActions: [], ...assignment }),
    addLock: (lock) => add(world.locks, lock),
    addPolicy: (policy) => add(world.policies, policy),
    addJob: (job) => world.jobs.push(job),
    addServiceConnection: (connection) => world.connections.push(connection),
  };
}

type DirectoryTask = 'addTenant' | 'addApplication' | 'addSubscription';

function administerDirectory(world: World, ports: ServicePorts): Pick<Population, DirectoryTask> {
  return {
    addTenant: ({ id = ports.newId(), domain = `${id}.example`, cloud = 'AzureCloud' } = {}) => {
      const tenant = { id, domain, cloud: clouds[cloud] };
      world.tenants.push(tenant);
      return tenant;
    },
    addApplication: ({ tenant, ...given }) => {
      const application = { ...blankApplication(ports), ...given, tenantId: tenant.id };
      world.applications.push(application);
      return application;
    },
    addSubscription: ({ tenant, id = ports.newId(), displayName = 'Simulated subscription' }) => {
      const subscription = { id, tenantId: tenant.id, displayName, resourceGroups: new Map() };
      world.subscriptions.set(id, subscription);
      return subscription;
    },
  };
}

type VaultTask =
  'addVault' | 'setSecret' | 'deleteSecret' | 'changeVault' | 'setPerimeter' | 'deleteVault' | 'vaultResource';

function administerVaults(world: World, ports: ServicePorts): Pick<Population, VaultTask> {
  return {
    addVault: (vault) => addVault(world, vault, ports.now()),
    setSecret: (vault, secret) => setSecret(vaultOf(world, vault), secret, ports),
    deleteSecret: (vault, name) => {
      deleteSecret(vaultOf(world, vault), name);
    },
    changeVault: (name, patch) => {
      const vault = vaultOf(world, name);
      const write = { by: 'someone-else', at: ports.now() };
      storeVault(vault, patchVault(vault.resource, patch, write), ports.now());
    },
    setPerimeter: (name, perimeter) => {
      vaultOf(world, name).perimeter = perimeter;
    },
    deleteVault: (name) => world.vaults.delete(name.toLowerCase()),
    vaultResource: (name) => showVault(vaultOf(world, name).resource),
  };
}

function add<T>(list: T[], item: T): Undo {
  list.push(item);
  return () => {
    const place = list.indexOf(item);
    if (place >= 0) list.splice(place, 1);
  };
}

function blankApplication({ newId }: ServicePorts): Omit<Application, 'tenantId'> {
  return { clientId: newId(), objectId: newId(), secrets: [], certificates: [], federatedCredentials: [] };
}

function addVault(world: World, { subscription, ...vault }: NewVault, now: number): VaultResource {
  const { resourceGroup, name, location = 'westeurope', tags = {}, properties = {}, ...behavior } = vault;
  const tenant = world.tenants.find(({ id }) => id === subscription.tenantId);
  if (tenant === undefined)
    throw new Error(`The subscription '${subscription.id}' belongs to no tenant of this Azure.`);
  subscription.resourceGroups.set(resourceGroup.toLowerCase(), { name: resourceGroup, location });
  const group = `/subscriptions/${subscription.id}/resourceGroups/${resourceGroup}`;
  const id = `${group}/providers/Microsoft.KeyVault/vaults/${name}`;
  const place = { id, name, vaultUri: vaultUriOf(tenant.cloud, name) };
  const required = { tenantId: tenant.id, sku: { family: 'A', name: 'standard' } };
  const body = { location, tags, properties: { ...required, ...properties } };
  const resource = putVault(undefined, place, body, { by: 'administrator', at: now }, '2026-02-01');
  const where = { subscriptionId: subscription.id, cloud: tenant.cloud };
  world.vaults.set(name.toLowerCase(), createVaultState(resource, where, behavior));
  return resource;
}

function deleteSecret({ secrets }: VaultState, name: string): void {
  const secret = secrets.get(name.toLowerCase());
  if (secret === undefined) throw new Error(`There is no secret '${name}' to delete.`);
  secrets.set(name.toLowerCase(), { ...secret, deleted: true });
}

function vaultOf(world: World, name: string): VaultState {
  const vault = world.vaults.get(name.toLowerCase());
  if (vault === undefined) throw new Error(`There is no vault '${name}' in this Azure.`);
  return vault;
}
