import { DiagnosedError } from '../shared/errors/diagnosis';
import type { StepInputs } from '../shared/ports';
import { stepInputMessages } from '../shared/messages/inputs';
import { canonicalNetwork, isPublic } from './address';
import { inputMessages as messages } from './messages/inputs';
import { findLineProblems, parseProfileLine, type ProfileLine } from './perimeter/profile-input';
import { parseVaultReference, type VaultReference } from './vault-reference';

/** The step's inputs, checked. */
export interface AgentAccessInputs {
  readonly action: 'allow' | 'sweep';
  readonly vaults: readonly VaultReference[];
  /** `''` when the vaults have to be looked up. */
  readonly resourceGroup: string;
  /** Networks to let in instead of the agent's own, canonical. */
  readonly networks: readonly string[];
  readonly allowPublicIpLookup: boolean;
  readonly leased: boolean;
  readonly leaseMinutes: number;
  /** Profiles of network security perimeters, as the user gave them. */
  readonly profiles: readonly ProfileLine[];
  readonly waitForAccess: boolean;
  readonly timeoutInSeconds: number;
}

/** Azure gives agents at most this long; also what fits into a lease entry without a doubt. */
const mostLeaseMinutes = 60 * 24 * 30;

/** Seconds. */
const defaultTimeout = 300;
/** Vaults take over the rules of a perimeter within 15 minutes. Seconds. */
const perimeterTimeout = 900;

/** The time limit for a rule of a perimeter: the user's, unless it is the one that is meant for firewalls. */
export function timeoutForPerimeter({ timeoutInSeconds }: AgentAccessInputs): number {
  return timeoutInSeconds === defaultTimeout ? perimeterTimeout : timeoutInSeconds;
}

/** A value, or what is wrong with the text. */
type Parsed<T> = { readonly value: T } | { readonly problem: string };
type Parse<T> = (text: string) => Parsed<T>;

/**
 * Reads and checks all inputs.
 *
 * @throws DiagnosedError AKV-INPUT that names every wrong input and quotes what was wrong.
 */
export function readInputs(inputs: StepInputs): AgentAccessInputs {
  const problems: string[] = [];
  const read = <T>(name: string, fallback: T, parse: Parse<T>): T => {
    const text = inputs.text(name);
    const parsed = text === '' ? { value: fallback } : withVariables(parse)(text);
    if ('problem' in parsed) {
      problems.push(stepInputMessages.problemOf(name, parsed.problem));
      return fallback;
    }
    return parsed.value;
  };
  const result: AgentAccessInputs = Object.freeze({
    action: read('action', 'allow', choice('allow', 'sweep')),
    vaults: distinct(read('keyVaultName', [], list(parseVaultReference))),
    resourceGroup: read('resourceGroupName', '', (value) => ({ value })),
    networks: read('ipAddresses', [], list(parseNetwork)),
    allowPublicIpLookup: read('allowPublicIpLookup', false, flag),
    leased: read('coordination', 'vaultTags', choice('vaultTags', 'none')) === 'vaultTags',
    leaseMinutes: read('leaseMinutes', 390, wholeNumber(1, mostLeaseMinutes)),
    profiles: read('perimeterProfile', [], list(parseProfile)),
    waitForAccess: read('waitForAccess', true, flag),
    timeoutInSeconds: read('timeoutInSeconds', defaultTimeout, wholeNumber(10, 86_400)),
  });
  const names = result.vaults.map(({ name }) => name);
  problems.push(
    ...findLineProblems(result.profiles, names).map((one) => stepInputMessages.problemOf('perimeterProfile', one)),
  );
  if (inputs.text('keyVaultName') === '') {
    problems.push(stepInputMessages.problemOf('keyVaultName', messages.vaultRequired));
  }
  if (problems.length > 0) {
    throw new DiagnosedError({
      code: 'AKV-INPUT',
      summary: problems.join('\n'),
      remedy: [messages.correctInputs],
    });
  }
  return result;
}

/** The agent leaves `$(name)` as it is when there is no such variable. */
function withVariables<T>(parse: Parse<T>): Parse<T> {
  return (text) => {
    const variable = /\$\(([^)]+)\)/.exec(text)?.[1];
    return variable === undefined ? parse(text) : { problem: messages.variableUndefined(variable, text) };
  };
}

function choice<T extends string>(...allowed: readonly T[]): Parse<T> {
  return (text) => {
    const value = allowed.find((name) => name.toLowerCase() === text.toLowerCase());
    return value === undefined ? { problem: messages.noChoice(text, allowed) } : { value };
  };
}

const flag: Parse<boolean> = (text) =>
  /^(true|false)$/i.test(text)
    ? { value: text.toLowerCase() === 'true' }
    : { problem: stepInputMessages.noTruth(text) };

function wholeNumber(least: number, most: number): Parse<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? { value } : { problem: messages.noCount(text, least, most) };
  };
}

/** Items separated by commas or lines. The first wrong one is reported. */
function list<T>(parse: Parse<T>): Parse<readonly T[]> {
  return (text) => {
    const parsed = text
      .split(/[,\r\n]+/)
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map(parse);
    if (parsed.length === 0) {
      return { problem: messages.emptyList(text) };
    }
    const wrong = parsed.find((item) => 'problem' in item);
    return wrong ?? { value: parsed.flatMap((item) => ('value' in item ? [item.value] : [])) };
  };
}

/** Each vault once: two openings of one vault would overwrite each other's record. Vault names are globally unique. */
function distinct(vaults: readonly VaultReference[]): readonly VaultReference[] {
  return [...new Map(vaults.map((vault) => [vault.name.toLowerCase(), vault])).values()];
}

const parseProfile: Parse<ProfileLine> = (text) => {
  const parsed = parseProfileLine(text);
  return 'value' in parsed ? parsed : { problem: parsed.problems.join(' ') };
};

const parseNetwork: Parse<string> = (text) => {
  const value = canonicalNetwork(text);
  if (value === undefined) {
    return { problem: messages.noNetwork(text) };
  }
  return isPublic(value) ? { value } : { problem: messages.notPublic(text) };
};
