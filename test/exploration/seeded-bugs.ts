import type { CloseParts } from '../../tasks/keyvault-agent-access/closing/close';
import { closeVault } from '../../tasks/keyvault-agent-access/closing/close';
import { closingChange } from '../../tasks/keyvault-agent-access/protocol/change';
import { converge } from '../../tasks/keyvault-agent-access/protocol/converge';
import { leasesAmong, type Claim } from '../../tasks/keyvault-agent-access/protocol/lease';
import type { ArmVault, VaultPatch, VaultReading, VaultResource } from '../../tasks/keyvault-agent-access/ports/vault';
import { readVaultState, type VaultState } from '../../tasks/keyvault-agent-access/protocol/vault-state';
import type { Clock } from '../../tasks/shared/ports';
import type { JobPlan, Variant } from './job';
import { epoch } from './modeled-vault';
import type { ProcessPorts } from './process-ports';

/** A mistake in the protocol that someone has made before or could make next. */
export interface SeededBug {
  readonly title: string;
  readonly variant: Variant;
  /** The promise that it breaks. */
  readonly breaks: RegExp;
  /** What the jobs are like, when the bug is in the settings or shows among certain jobs only. */
  readonly plan?: (job: JobPlan, index: number) => JobPlan;
  /** Only every nth schedule is tried: with 50, those of forty jobs. */
  readonly stride?: number;
}

type Write = (patch: VaultPatch, base: ArmVault, signal: AbortSignal) => ReturnType<ArmVault['patch']>;

function writing(write: (ports: ProcessPorts) => Write): Variant {
  return {
    ports: (ports) => {
      const change = write(ports);
      const armVault = {
        ...ports.armVault,
        patch: (patch: VaultPatch, signal: AbortSignal) => change(patch, ports.armVault, signal),
      };
      return { ...ports, armVault };
    },
  };
}

/** A process that waits only a part of the time that it takes for passed. */
function hastyClock(clock: Clock, part: number): Clock {
  let ahead = 0;
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic() + ahead,
    sleep: (milliseconds, signal) => {
      const waited = Math.ceil(milliseconds * part);
      ahead += milliseconds - waited;
      return clock.sleep(waited, signal);
    },
  };
}

/** A vault whose stamp never changes, so that no change of others is noticed. */
function withoutTimeStamp(armVault: ArmVault): ArmVault {
  const blind = <T extends VaultReading>(reading: T): T => ({
    ...reading,
    resource: { ...reading.resource, systemData: { lastModifiedAt: 'always the same' } },
  });
  return {
    get: async (signal) => blind(await armVault.get(signal)),
    patch: async (patch, signal) => {
      const outcome = await armVault.patch(patch, signal);
      return outcome.kind === 'written' ? blind(outcome) : outcome;
    },
  };
}

/** A vault whose answers carry another time. */
function readAs(armVault: ArmVault, time: () => number): ArmVault {
  return {
    get: async (signal) => ({ ...(await armVault.get(signal)), time: time() }),
    patch: async (patch, signal) => {
      const outcome = await armVault.patch(patch, signal);
      return outcome.kind === 'written' ? { ...outcome, time: time() } : outcome;
    },
  };
}

function withoutRules(state: VaultState, claim: Claim): VaultPatch | undefined {
  const patch = closingChange(state, { ...claim, added: true });
  const ipRules = state.ipRules.filter(({ value }) => !claim.rules.includes(String(value)));
  if (typeof patch !== 'object' && ipRules.length === state.ipRules.length) return undefined;
  const tags = typeof patch === 'object' && patch.tags !== undefined ? patch.tags : state.tags;
  return { tags, properties: { networkAcls: { ...state.networkAcls, ipRules } } };
}

async function closeOnce(claim: Claim, { armVault, signal }: CloseParts): Promise<void> {
  const state = readVaultState(await armVault.get(signal));
  const patch = closingChange(state, claim);
  if (typeof patch === 'object') await armVault.patch(patch, signal);
}

export const seededBugs: readonly SeededBug[] = [
  {
    title: 'no quiet period: the answer to the own write counts as success',
    breaks: /was reported open|has closed/,
    variant: { ports: (ports) => ({ ...ports, clock: hastyClock(ports.clock, 0) }) },
  },
  {
    title: 'a quiet period of one second',
    breaks: /was reported open|has closed/,
    variant: { ports: (ports) => ({ ...ports, clock: hastyClock(ports.clock, 0.2) }) },
  },
  {
    title: 'a second look instead of a quiet period: changes by others do not restart it',
    breaks: /was reported open|has closed/,
    variant: { ports: (ports) => ({ ...ports, armVault: withoutTimeStamp(ports.armVault) }) },
    stride: 50,
    plan: (job, index) => ({
      ...job,
      addresses: [`20.0.0.${index}`],
      start: { least: 0, most: 3_000 },
      settings: { ...job.settings, networks: [], waitForAccess: false },
    }),
  },
  {
    title: 'old snapshots written: a PATCH leaves long after its GET',
    breaks: /was reported open|has closed/,
    variant: writing(({ clock }) => async (patch, base, signal) => {
      await clock.sleep(6_000, signal);
      return base.patch(patch, signal);
    }),
  },
  {
    title: 'writes retried as they are, the way an SDK does',
    breaks: /was reported open|has closed/,
    variant: writing(({ clock }) => async (patch, base, signal) => {
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await base.patch(patch, signal);
        if (outcome.kind !== 'uncertain' || attempt === 4) return outcome;
        await clock.sleep(2_000 * attempt, signal);
      }
    }),
  },
  {
    title: 'rule and lease in separate PATCHes',
    breaks: /is left|was reported open/,
    variant: writing(({ armVault }) => async (patch, base, signal) => {
      const first = await base.patch({ properties: patch.properties }, signal);
      if (first.kind !== 'written' || patch.tags === undefined) return first;
      const { networkAcls } = readVaultState(await armVault.get(signal));
      return base.patch({ tags: patch.tags, properties: { networkAcls } }, signal);
    }),
  },
  {
    title: 'the whole vault written back, as a PUT does',
    breaks: /other members changed/,
    variant: {
      ports: (ports) => {
        let read: VaultResource = {};
        const armVault: ArmVault = {
          get: async (signal) => {
            const reading = await ports.armVault.get(signal);
            read = reading.resource;
            return reading;
          },
          patch: ({ properties, ...patch }, signal) =>
            ports.armVault.patch({ ...patch, properties: { ...(read.properties as object), ...properties } }, signal),
        };
        return { ...ports, armVault };
      },
    },
  },
  {
    title: 'removal by finding the address again instead of by the record',
    breaks: /every job that used it has closed|is left after the sweep/,
    variant: {
      close: (claim, parts, { addresses }) => closeVault({ ...claim, rules: [`${addresses.at(-1) ?? ''}/32`] }, parts),
    },
  },
  {
    title: 'removal without a look at the leases of others',
    breaks: /was reported open/,
    variant: {
      close: async (claim, parts) => {
        await converge({ ...parts, change: (state) => withoutRules(state, claim) });
      },
    },
  },
  { title: 'removal sent once and not looked after', breaks: /has closed/, variant: { close: closeOnce } },
  {
    title: 'the record written only after the vault',
    breaks: /has closed/,
    variant: {
      ports: (ports) => ({
        ...ports,
        memory: {
          read: (name) => ports.memory.read(name),
          remember: (name, text) =>
            text.includes('"added":true') ? ports.memory.remember(name, text) : Promise.resolve(),
        },
      }),
    },
  },
  {
    title: 'rules of leases that lack one put back, also of forged ones',
    breaks: /adds 8\.8\.8\.8\/32, which is not its own/,
    variant: writing(() => (patch, base, signal) => {
      const state = readVaultState({ resource: { ...patch }, time: epoch });
      const claimed = leasesAmong(state.entries).map(({ rule }) => rule);
      const present = new Set(state.ipRules.map(({ value }) => value));
      const missing = [...new Set(claimed)].filter((rule) => !present.has(rule)).map((value) => ({ value }));
      const ipRules = [...state.ipRules, ...missing];
      return base.patch({ ...patch, properties: { networkAcls: { ...state.networkAcls, ipRules } } }, signal);
    }),
  },
  {
    title: 'rules of others sorted and cleaned of duplicates on the way',
    breaks: /foreign rules changed/,
    variant: writing(() => (patch, base, signal) => {
      const { networkAcls, ipRules } = readVaultState({ resource: { ...patch }, time: epoch });
      const values = [...new Set(ipRules.map(({ value }) => String(value)))].sort();
      const tidy = { ...networkAcls, ipRules: values.map((value) => ({ value })) };
      return base.patch({ ...patch, properties: { networkAcls: tidy } }, signal);
    }),
  },
  {
    title: 'no leases for jobs that share an address or may be killed',
    breaks: /is left after the sweep|was reported open/,
    variant: {},
    plan: (job) => ({ ...job, settings: { ...job.settings, leased: false } }),
  },
  {
    title: "expiry by the machine's clock instead of Azure's",
    breaks: /was reported open|is left after the sweep|is left, and every job/,
    variant: {
      ports: (ports) => ({ ...ports, armVault: readAs(ports.armVault, () => ports.clock.now()) }),
    },
  },
  {
    title: 'expired leases of ranges removed like those of single addresses',
    breaks: /foreign rules changed/,
    variant: writing(() => (patch, base, signal) => {
      const { networkAcls, ipRules } = readVaultState({ resource: { ...patch }, time: epoch });
      const kept = ipRules.filter(({ value }) => value !== '30.0.0.0/8');
      return base.patch({ ...patch, properties: { networkAcls: { ...networkAcls, ipRules: kept } } }, signal);
    }),
  },
];
