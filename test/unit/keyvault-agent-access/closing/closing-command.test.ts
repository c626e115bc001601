import assert from 'node:assert/strict';
import { closingCommand } from '../../../../tasks/keyvault-agent-access/closing/closing-command';
import { resourceId } from '../vault-fixture';

const where = '--name app-kv --resource-group app-rg --subscription 00000000-0000-0000-0000-000000000001';

describe('closing-command', () => {
  it('removes each rule of the step from its vault, and nothing else', () => {
    const opened = { resourceId, leaseId: 'mine00', leased: true, added: true };
    assert.equal(
      closingCommand({ ...opened, rules: ['20.1.2.3/32', '20.1.2.4/32'] }),
      `az keyvault network-rule remove ${where} --ip-address 20.1.2.3/32 && az keyvault network-rule remove ${where} --ip-address 20.1.2.4/32`,
    );
  });
});
