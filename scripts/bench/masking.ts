import { generateKeyPairSync } from 'node:crypto';
import { createMasker } from '../../simulation/agent/log/masker';
import { masksOf } from '../../tasks/keyvault-secrets/masks/masks';
import { ordinaryOutput } from '../../test/e2e/support/ordinary-output';

export const maskCountHead = ['secret', 'masks'];
export const maskingHead = [
  'secrets',
  'masks',
  'masks a secret',
  's for 100,000 lines',
  'the same without a budget',
  'the values alone',
];

/** The number of measured lines; the result is the time for 100,000. */
const sample = 2_000;

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

/** The content of a vault, by kind, with a number so that no two values are the same. */
const kinds: Readonly<Record<string, (number: number) => string>> = {
  'a token of letters and digits': (number) => `notARealToken0123456789ab${number}`,
  'a password with punctuation': (number) => `n0t"a're\\al$pass<w>&o\`r%d/+=${number}`,
  'a connection string': (number) =>
    `Server=tcp:db${number}.not-real.example,1433;User ID=app;Password=not-a-real;password-7;`,
  'JSON with two secrets in it': (number) =>
    JSON.stringify(
      { host: 'db', password: `not-a-real-password-${number}`, apiKey: `not-a-real-key/${number}` },
      null,
      2,
    ),
  'a key of 2,048 bits in PEM form': (number) =>
    number === 0
      ? pem.toString()
      : pem.toString().replace(/[A-Z](?=[a-z])/g, () => String.fromCharCode(65 + (number % 26))),
};

/** How many masks each kind of secret needs. */
export function countMasks(): readonly (readonly string[])[] {
  return Object.entries(kinds).map(([kind, make]) => [kind, String(masksOf([make(0)]).texts.length)]);
}

/** Of 25 secrets, 18 are tokens, and the others of each kind one or two. */
function vaultOf(count: number): readonly string[] {
  const [token, password, connection, json, key] = Object.values(kinds);
  const others = [password, password, connection, connection, connection, json, key];
  return Array.from({ length: count }, (_, index) => (others[(index % 25) - 18] ?? token)?.(index) ?? '');
}

/** The time that a masker like the agent's needs for ordinary lines, by the number of secrets that a job has read. */
export function measureMasking(): readonly (readonly string[])[] {
  return [1, 25, 250, 1000].map((count) => {
    const values = vaultOf(count);
    const { texts } = masksOf(values);
    const times = [texts, masksOf(values, Number.POSITIVE_INFINITY).texts, values].map(secondsFor);
    return [count, texts.length, Math.round(texts.length / count), ...times.map((time) => time.toFixed(1))].map(String);
  });
}

function secondsFor(masks: readonly string[]): number {
  const masker = createMasker();
  masks.forEach(masker.add);
  const lines = ordinaryOutput.split('\n');
  const started = process.cpuUsage();
  for (let line = 0; line < sample; line += 1) masker.mask(lines[line % lines.length] ?? '');
  const { user, system } = process.cpuUsage(started);
  return ((user + system) / 1e6) * (100_000 / sample);
}
