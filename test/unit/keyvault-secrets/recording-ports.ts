import assert from 'node:assert/strict';
import { DiagnosedError, type Diagnosis } from '../../../tasks/shared/errors/diagnosis';
import type { PipelineVariable } from '../../../tasks/shared/ports';
import { readInputs } from '../../../tasks/keyvault-secrets/inputs/inputs';
import type { SecretsPorts } from '../../../tasks/keyvault-secrets/ports';
import { fetchSecrets } from '../../../tasks/keyvault-secrets/run';
import type { ReadOutcome, ReadRequest, SecretProperties, Vault } from '../../../tasks/keyvault-secrets/ports';

/** A secret in a vault of the tests; what is left out has a harmless default. */
export interface StoredSecret {
  readonly value?: string;
  readonly outcome?: ReadOutcome;
  /** The result of reading the current version, as opposed to others. */
  readonly currentOutcome?: ReadOutcome;
  /** Given when the PEM form is asked for. */
  readonly pem?: string;
  readonly properties?: Partial<SecretProperties>;
  readonly versions?: readonly (Partial<SecretProperties> & { readonly value?: string })[];
}

export type StoredVault = Readonly<Record<string, StoredSecret>>;

/** Everything that a run did, in order, one line each: `read my-kv:a`, `mask x`, `set a=x (secret)`. */
export interface Recorded {
  readonly events: readonly string[];
  /** What the run says that it did. */
  readonly outcome?: string;
  readonly error?: unknown;
}

/** The day on which all tests run. */
export const today = Date.UTC(2026, 0, 15);

/** What a secret's own GET returns. */
export const currentVersion = 'c0ffee00c0ffee00c0ffee00c0ffee00';

/** What a test can set in addition to vaults and inputs. */
export interface RunOptions {
  /** Variables that the job has before. */
  readonly existing?: readonly PipelineVariable[];
  readonly signal?: AbortSignal;
  /** Files cannot be written. */
  readonly failFiles?: boolean;
  readonly onRead?: () => void;
  /** The error of listing a vault. */
  readonly listError?: Error;
}

/** Runs the core with recording ports. `texts` are the step's inputs; the vaults come from `stored`. */
export async function run(
  stored: Readonly<Record<string, StoredVault>>,
  texts: Readonly<Record<string, string>> = {},
  options: RunOptions = {},
): Promise<Recorded> {
  const events: string[] = [];
  const all: Readonly<Record<string, string>> = { keyVaultName: Object.keys(stored).join(','), ...texts };
  const inputs = readInputs({ text: (name) => all[name] ?? '' });
  const ports = makePorts(stored, events, options);
  try {
    const outcome = await fetchSecrets(inputs, ports, options.signal ?? new AbortController().signal);
    return { events, outcome };
  } catch (error) {
    return { events, error };
  }
}

function makePorts(stored: Readonly<Record<string, StoredVault>>, events: string[], options: RunOptions): SecretsPorts {
  const { existing = [], failFiles = false } = options;
  const record = (kind: string) => (text: string) => void events.push(`${kind} ${text}`);
  const describe = ({ name, value, secret }: PipelineVariable): string =>
    `${name}=${value}${secret ? ' (secret)' : ''}`;
  return {
    log: {
      info: (text) => {
        text.split('\n').forEach(record('info'));
      },
      debug: record('debug'),
      warning: record('warning'),
    },
    variables: {
      mask: (texts) => {
        texts.forEach(record('mask'));
      },
      set: (variable) => void events.push(`set ${describe(variable)}`),
      setOutput: (variable) => void events.push(`output ${describe(variable)}`),
      list: () => existing,
    },
    clock: { now: () => today, monotonic: () => 0, sleep: () => Promise.resolve() },
    vaults: new Map(Object.entries(stored).map(([name, secrets]) => [name, makeVault(name, secrets, events, options)])),
    files: {
      write: (path, bytes) => {
        if (failFiles) throw new Error('disk full');
        events.push(`file ${path}=${Buffer.from(bytes).toString('latin1')}`);
        return `/tmp/files/${path}`;
      },
    },
    summary: { publish: record('summary') },
    traffic: () => ({ requests: events.filter((event) => /^(?:read|list)/.test(event)).length, retries: 1 }),
  };
}

function makeVault(name: string, secrets: StoredVault, events: string[], { onRead, listError }: RunOptions): Vault {
  const find = (wanted: string): readonly [string, StoredSecret] | undefined =>
    Object.entries(secrets).find(([key]) => key.toLowerCase() === wanted.toLowerCase());
  return {
    name,
    // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, the stored secrets are not
    list: async function* () {
      events.push(`list ${name}`);
      if (listError !== undefined) throw listError;
      for (const [key, { properties }] of Object.entries(secrets)) yield propertiesOf(key, properties);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- as above
    listVersions: async function* (wanted) {
      events.push(`list versions ${name}:${wanted}`);
      for (const version of find(wanted)?.[1].versions ?? []) yield propertiesOf(wanted, version);
    },
    read: (request) => {
      onRead?.();
      events.push(
        `read ${name}:${request.name}${request.version === undefined ? '' : `/${request.version}`}${request.asPem ? ' as PEM' : ''}`,
      );
      const found = find(request.name);
      return Promise.resolve(found === undefined ? { kind: 'missing' } : answer(found[0], found[1], request));
    },
  };
}

function propertiesOf(name: string, extra: Partial<SecretProperties> = {}): SecretProperties {
  return { name, enabled: true, managed: false, tags: {}, ...extra };
}

function answer(name: string, stored: StoredSecret, request: ReadRequest): ReadOutcome {
  if (stored.outcome !== undefined) return stored.outcome;
  if (request.version === undefined && stored.currentOutcome !== undefined) return stored.currentOutcome;
  const version = stored.versions?.find((one) => one.version === request.version);
  const value = (request.asPem ? stored.pem : undefined) ?? version?.value ?? stored.value ?? '';
  const properties = propertiesOf(name, { version: request.version ?? currentVersion, ...stored.properties });
  return { kind: 'found', secret: { properties, value } };
}

/** Two secrets whose content is irrelevant. */
export const secretA: StoredSecret = { value: 'not-a-real-password-1' };
export const secretB: StoredSecret = { value: 'not-a-real-password-2' };

/** The events of some kinds, in order. */
export function pick({ events }: Recorded, ...kinds: readonly string[]): readonly string[] {
  return events.filter((event) => kinds.some((kind) => event.startsWith(`${kind} `)));
}

/** The failure of a run; asserts that it masked, wrote and set nothing. */
export function failureOf(recorded: Recorded): Diagnosis {
  assert.deepEqual(pick(recorded, 'mask', 'set', 'output', 'file', 'summary'), []);
  assert.ok(recorded.error instanceof DiagnosedError, String(recorded.error));
  return recorded.error.diagnosis;
}

/** The warnings of a run that succeeded. */
export function warningsOf(recorded: Recorded): readonly string[] {
  assert.equal(recorded.error, undefined);
  return pick(recorded, 'warning').map((event) => event.slice('warning '.length));
}
