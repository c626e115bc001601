import assert from 'node:assert/strict';
import { createSecureContext } from 'node:tls';
import type { Outcome } from '../e2e/support/scenarios';
import { assertSucceeded, assertUnreadable, bashStep, withFile } from '../e2e/support/secrets-step';

const parts = ['PEM', 'CERT', 'KEY', 'CHAIN', 'PFX'] as const;

/** Every part of a certificate as a script finds it in a variable. */
type CertificateText = Readonly<Record<(typeof parts)[number], string>>;

/**
 * Reads each part of a certificate into a variable and into a file, and returns what a script finds in the variables. That
 * the files hold the same, and that the log shows nothing of it, is asserted here.
 */
export async function readCertificate(
  name: string,
  read: (rules: string, further: string) => Promise<Outcome>,
): Promise<CertificateText> {
  const rules = parts.flatMap((part) => {
    const operation = part.toLowerCase();
    return [`${name} | ${operation} -> ${part}`, `${name} | ${operation} | file:server.${operation} -> ${part}_PATH`];
  });
  return withFile(async (path, found) => {
    const script = `
const fs = require('node:fs');
const got = ${JSON.stringify(parts)}.map((part) => [part, { text: process.env[part], file: fs.readFileSync(process.env[part + '_PATH'], 'base64') }]);
fs.writeFileSync(${JSON.stringify(path)}, JSON.stringify(Object.fromEntries(got)));
console.log(process.env.PEM, process.env.PFX);`;
    const command = `"${process.execPath}" -e ${JSON.stringify(script).replaceAll('\\n', ' ')}`;
    const outcome = await read(
      rules.join('\n'),
      bashStep(command, Object.fromEntries(parts.map((part) => [part, part]))),
    );
    assertSucceeded(outcome);
    const got = JSON.parse(await found()) as Record<keyof CertificateText, { text: string; file: string }>;
    for (const part of ['PEM', 'CERT', 'KEY', 'CHAIN'] as const) {
      assert.equal(Buffer.from(got[part].file, 'base64').toString(), got[part].text);
    }
    // Made for each rule, with random numbers in it: no two are alike.
    createSecureContext({ pfx: Buffer.from(got.PFX.file, 'base64') });
    const lines = [
      got.PFX.text,
      ...got.PEM.text.split('\n').filter((line) => !line.startsWith('-----') && line !== ''),
    ];
    assertUnreadable(outcome.text, ...lines);
    return Object.fromEntries(parts.map((part) => [part, got[part].text])) as CertificateText;
  });
}
