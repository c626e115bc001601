import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const repository = join(__dirname, '../../../..');

/** Asks the module in a process with this environment, which it reads when it loads. */
function ask(environment: Readonly<Record<string, string>>, expression: string): unknown {
  const script = `const module = require('./tasks/shared/agent/environment'); console.log(JSON.stringify(${expression}))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: repository,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...environment },
  });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

describe('the environment of a step', () => {
  it('reads exactly the name, not one with another case', function () {
    if (process.platform === 'win32') this.skip();
    const environment = { VSTS_TASKVARIABLE_OPENED: 'own', VSTS_TASKVARIABLE_Opened: 'printed', Input_X: 'printed' };
    assert.deepEqual(ask(environment, `['VSTS_TASKVARIABLE_OPENED', 'INPUT_X'].map(module.readExactly)`), ['own', '']);
  });

  it('detects that a public variable may have replaced a value, in any spelling of its name', () => {
    const names = (...list: string[]) => ({ VSTS_PUBLIC_VARIABLES: JSON.stringify(list), VSTS_SECRET_VARIABLES: '[]' });
    const taken = (environment: Readonly<Record<string, string>>) =>
      ask(environment, `module.mayBeOverwritten('ENDPOINT_AUTH_X')`);
    assert.equal(taken(names('agent.name', 'Endpoint.Auth X')), true);
    assert.equal(taken(names('agent.name')), false);
    assert.equal(taken({ VSTS_PUBLIC_VARIABLES: '[]', VSTS_SECRET_VARIABLES: '["endpoint_auth_x"]' }), false);
  });
});
