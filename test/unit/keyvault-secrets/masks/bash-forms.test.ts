import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { bashForms } from '../../../../tasks/keyvault-secrets/masks/bash-forms';

/** What bash prints of `$V` by this script, on either stream, without a locale as in an agent that is a service. */
function printed(script: string, value: string, locale: string): string {
  return execFileSync('bash', ['-c', `{ ${script}; } 2>&1`], { env: { V: value, LC_ALL: locale }, encoding: 'utf8' });
}

const scripts = {
  'set -x, quoted': 'set -x; : "$V"',
  'set -x, without quotes': 'set -x -f; : $V',
  'printf %q': `printf '%q\\n' "$V"`,
  'declare -p': 'declare -p V',
  '${x@Q}': 'echo "${V@Q}"',
};

const values = {
  plain: 'not-a-real-password-1',
  blanks: 'not a real password',
  'a single quote': "not'a'real'password",
  'double quotes and dollars': 'not"a$real`password\\x',
  'signs of the shell': 'not&a;real|(password)<x>!{1}*?[2]^#~=:~',
  commas: 'not,a,real,password',
  'several lines': 'not a real\npassword\tof 2 lines',
  'control characters': 'not\x07a\x1breal\x01password',
  'letters beyond ASCII': 'nicht-größer-als-ein-Paßwort',
};

/** How `declare -p` writes a text that needs no `$'...'`, of which masks.ts makes a form of its own. */
const inDoubleQuotes = (text: string) => text.replace(/["$`\\]/g, (character) => `\\${character}`);

describe('bashForms', () => {
  for (const [what, value] of Object.entries(values)) {
    for (const [how, script] of Object.entries(scripts)) {
      it(`has what bash prints of ${what} by ${how}`, () => {
        for (const locale of ['C', 'C.UTF-8']) {
          const output = printed(script, value, locale);
          const forms = [value, inDoubleQuotes(value), ...bashForms(value)];
          assert.ok(
            forms.some((form) => output.includes(form)),
            `none of ${JSON.stringify(forms)} is in ${JSON.stringify(output)}`,
          );
        }
      });
    }
  }

  it('quotes nothing in a text that bash prints as it is', () => {
    assert.deepEqual([...new Set(bashForms('not-a-real-password-1'))], ['not-a-real-password-1']);
  });
});
