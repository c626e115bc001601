import type { Workplace } from '../../simulation/workplace';

/** The content of the demonstration's vault; all values are fake. */
const secrets = {
  'db-password': 'not-a-real-password-1!',
  'web-api-key': 'not-a-real-api-key-2',
  'web-callback-url': 'https://contoso.example/callback?code=not-a-real-code-3',
  'web-legacy-token': 'not-a-real-token-4',
  smtp: JSON.stringify(
    { host: 'mail.contoso.example', user: 'shop-mailer', password: 'not-a-real-password-5' },
    null,
    2,
  ),
};

/** Fills Contoso's vault and adds a permanent rule for the office. Returns the values that no log must show. */
export function fillVault({ azure, contoso }: Workplace): readonly string[] {
  for (const [name, value] of Object.entries(secrets)) {
    azure.setSecret(contoso.vault, { name, value, contentType: name === 'smtp' ? 'application/json' : 'text/plain' });
  }
  azure.changeVault(contoso.vault, {
    tags: { costCenter: '4711', owner: 'shop' },
    properties: { networkAcls: { ipRules: [{ value: '198.51.100.0/24' }, { value: '203.0.113.77' }] } },
  });
  return [...Object.values(secrets), 'shop-mailer', 'not-a-real-password-5', 'mail.contoso.example'];
}
