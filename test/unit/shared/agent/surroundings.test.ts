import assert from 'node:assert/strict';
import { copyFile, link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

const repository = join(__dirname, '../../../..');
const script = `
  const { readSurroundings } = require('./tasks/shared/agent/surroundings');
  const { readNetwork } = require('./tasks/shared/agent/network-settings');
  const say = (x) => console.log('RESULT ' + JSON.stringify(x));
  try {
    const surroundings = readSurroundings(process.argv[2] ?? 'agent');
    say({ surroundings, network: readNetwork(surroundings) });
  } catch (error) { say({ message: error.message }); }`;

interface Seen {
  readonly surroundings: { readonly proxy?: { readonly url: string; readonly isTrusted: boolean } };
  readonly network: {
    readonly proxy?: { readonly url: string; readonly username?: string; readonly password?: string };
    readonly authorities?: readonly string[];
  };
  readonly message?: string;
}

describe('the surroundings of a step', () => {
  let folder: string;
  let node: string;

  /** What a step sees that the agent in this folder runs, with this environment and this input `proxy`. */
  function see(environment: Readonly<Record<string, string>>, choice = 'agent'): Seen {
    const env = {
      PATH: process.env.PATH ?? '',
      AGENT_TEMPDIRECTORY: folder,
      VSTS_SECRET_VARIABLES: '["agent.proxypassword"]',
      ...environment,
    };
    const target = join(folder, '_work/_tasks/KeyVaultSecrets_1/1.0.0/dist/main.js');
    const code = `process.argv = [process.argv[0], ${JSON.stringify(target)}, ${JSON.stringify(choice)}]; ${script}`;
    const { stdout, stderr } = spawnSync(node, ['--require', 'tsx/cjs', '--eval', code], {
      ...{ cwd: repository, env, encoding: 'utf8' as const },
    });
    const line = stdout.split('\n').find((one) => one.startsWith('RESULT '));
    assert.ok(line !== undefined, stderr + stdout);
    return JSON.parse(line.slice('RESULT '.length)) as Seen;
  }

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'agent-folder-')));
    const bin = join(folder, 'externals/node20_1/bin');
    await mkdir(bin, { recursive: true });
    await mkdir(join(folder, '_work/_temp'), { recursive: true });
    node = join(bin, 'node');
    await link(process.execPath, node).catch(() => copyFile(process.execPath, node));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const agentProxy = {
    AGENT_PROXYURL: 'http://said.example:1',
    AGENT_PROXYUSERNAME: 'me',
    SECRET_AGENT_PROXYPASSWORD: 'not-a-real-password-1',
  };
  const credentials = { username: 'me', password: 'not-a-real-password-1' };

  it('have no proxy when none is set', () => {
    const { surroundings, network } = see({});
    assert.deepEqual([surroundings.proxy, network.proxy], [undefined, undefined]);
  });

  it('have the proxy that only a variable names, without the password', () => {
    const { surroundings, network } = see(agentProxy);
    assert.deepEqual(surroundings.proxy, { url: 'http://said.example:1', isTrusted: false });
    assert.deepEqual(network.proxy, { url: 'http://said.example:1' });
  });

  it('have the proxy that the step names, with the password', () => {
    const { surroundings, network } = see(agentProxy, 'http://given.example:3');
    assert.deepEqual(surroundings.proxy, { url: 'http://given.example:3', isTrusted: true });
    assert.deepEqual(network.proxy, { url: 'http://given.example:3', ...credentials });
  });

  it('have none when the step says so', () => {
    assert.equal(see({ ...agentProxy, HTTPS_PROXY: 'http://env.example:4' }, 'none').surroundings.proxy, undefined);
  });

  it("have the environment's proxy with its own password, which is kept out of what is recorded", () => {
    const HTTPS_PROXY = 'http://you:not-a-real-password-2@env.example:4';
    const { surroundings, network } = see({ HTTPS_PROXY });
    assert.deepEqual(surroundings.proxy, { url: 'http://env.example:4', isTrusted: true });
    assert.deepEqual(network.proxy, { url: HTTPS_PROXY });
    const ofJob = see({ HTTPS_PROXY, VSTS_PUBLIC_VARIABLES: '["https_proxy"]' });
    assert.equal(ofJob.surroundings.proxy?.isTrusted, false);
  });

  it('take an address of the environment without a scheme for one with http', () => {
    assert.equal(see({ ALL_PROXY: 'env.example:4' }).surroundings.proxy?.url, 'http://env.example:4');
  });

  describe('with the file that config.sh --proxyurl has written', () => {
    before(() => writeFile(join(folder, '.proxy'), 'http://own.example:2\nbasicauth=true\n'));
    after(() => rm(join(folder, '.proxy')));

    it('have the proxy of that file, with the password, whatever variables say', () => {
      const { surroundings, network } = see({ ...agentProxy, HTTPS_PROXY: 'http://env.example:4' });
      assert.deepEqual(surroundings.proxy, { url: 'http://own.example:2', isTrusted: true });
      assert.deepEqual(network.proxy, { url: 'http://own.example:2', ...credentials });
    });
  });

  it('use certificate files in addition to the own authorities', async () => {
    const [one, other] = [join(folder, 'one.pem'), join(folder, 'other.pem')];
    await writeFile(one, 'one');
    await writeFile(other, 'other');
    assert.deepEqual(see({ AGENT_CAINFO: one }).network.authorities, ['one']);
    assert.deepEqual(see({ AGENT_CAINFO: one, NODE_EXTRA_CA_CERTS: other }).network.authorities, ['one', 'other']);
    assert.equal(see({}).network.authorities, undefined);
  });

  it('refuse certificate files that a job can write, or that are not files', async () => {
    const [inWork, outside, log] = [
      join(folder, '_work/ca.pem'),
      join(folder, 'link.pem'),
      join(folder, '_diag/x.log'),
    ];
    await mkdir(join(folder, '_diag'));
    await Promise.all([inWork, log].map((path) => writeFile(path, 'x')));
    await symlink(inWork, outside);
    const refused = (path: string) => see({ AGENT_CAINFO: path }).message ?? '';
    assert.match(refused(inWork), /^AKV-TLS: .*ca\.pem' is not used: it is in the agent's work folder/);
    assert.match(refused(join(folder, '_work/../_work/ca.pem')), /work folder/);
    assert.match(refused(outside), /work folder/);
    assert.match(refused(log), /work folder or log/);
    assert.match(refused('//evil.example/share/ca.pem'), /it is not on this machine/);
    assert.match(refused(String.raw`\\evil.example\share\ca.pem`), /it is not on this machine/);
    assert.match(refused(folder), /it is not an ordinary file/);
    assert.match(refused('/absent.pem'), /cannot be read: ENOENT/);
  });
});
