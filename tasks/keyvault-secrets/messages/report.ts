/** What the log and the run's summary page show about the secrets that are set. */
export const reportMessages = {
  timedWork: 'reading secrets',
  readingFrom: (vaults: readonly string[], cloud: string, identity: string) =>
    `Reading from ${vaults.join(', ')} (${cloud}) as ${identity}.`,
  selection: (vault: string, listed: number, matched: number, excluded: number, skipped: string) =>
    `${vault}: ${count(listed, 'secret')} listed, ${matched} matched, ${excluded} excluded, ${skipped}.`,
  skipped: (count: number, reasons: readonly string[]) =>
    `${count} skipped${reasons.length === 0 ? '' : ` (${reasons.join(', ')})`}`,
  head: ['secret', 'version', 'variable', 'expires', 'notes'],
  dryRunHead: ['secret', 'variable', 'expires', 'notes'],
  oneForEachField: (target: string) => `${target} (one for each field)`,
  dashedNames: (name: string, mapped: string) =>
    `Shells cannot use names with a dash: use $(${name}) in inputs, or map it: env: ${mapped}: $(${name})`,
  outcome: (variables: number, files: number, secrets: number, vaults: readonly string[]) =>
    `Read ${count(secrets, 'secret')} from ${vaults.join(', ')}${files === 0 ? '' : `, wrote ${count(files, 'file')},`} and sent ${count(variables, 'variable')} to the agent.`,
  dryRunOutcome: (variables: number) => `Dry run: ${count(variables, 'variable')} would be set; no value was read.`,
  dryRunFailure: 'Dry run: no variable would be set, because the step would fail; no value was read.',
  traffic: (requests: number, retries: number, seconds: string) =>
    `${count(requests, 'request')}, ${retries === 1 ? '1 retry' : `${retries} retries`}, ${seconds} s.`,
  masksLeftOut: (registered: number, leftOut: number, kinds: readonly string[]) =>
    `${count(registered, 'mask')} registered. ${count(leftOut, 'further form')} not masked, because every mask slows down the log of all later steps: ${kinds.join(', ')}. Read fewer secrets in a job to have them masked too.`,
  maskKinds: {
    oneLine: 'multi-line secrets printed in one line',
    base64: 'base64',
    escaped: 'text escaped for shells, XML, JSON or URLs',
    base64Spellings: 'base64 without padding, for URLs, or with a Windows line break',
    wrapped: 'base64 broken into lines',
    escapedLines: 'single lines escaped for shells, XML, JSON or URLs',
    utf16: 'base64 of UTF-16',
  },
  summaryTitle: 'Key Vault secrets',
  warningHead: 'warning',
};

/** Notes on a secret in the table. */
export const noteMessages = {
  notSecret: 'not secret',
  file: 'path of a file',
  previous: 'previous version',
  certificate: 'certificate',
  missing: 'missing',
  disabled: 'disabled',
  unknown: '?',
};

/** Why a pattern skips a secret that it matches. */
export const skipMessages = {
  certificate: 'certificate-backed',
  otherTags: 'other tags',
  disabled: 'disabled',
  expired: 'expired',
  notYetValid: 'not valid yet',
};

/** A secret's validity period; days in UTC, `2026-01-31`. */
export const validityMessages = {
  expired: (day: string) => `expired on ${day}`,
  notYetValid: (day: string) => `not valid until ${day}`,
  expiresSoon: (day: string, days: number) => `expires on ${day}, in ${count(days, 'day')}`,
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
