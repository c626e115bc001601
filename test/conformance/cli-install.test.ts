import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { azureCliFolder, azureCliVersion, obtainAzureCli, requireAzureCli } from './cli-install';

/** A Python that records its calls, and creates virtual environments with itself. */
const python = (answers: string) => `#!/bin/sh
PATH=/usr/bin:/bin
echo "$*" >> "$NOTES"
case "$*" in
  *sys.version_info*) exit 0 ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip "*) ${answers} ;;
esac
`;

describe('the installation of the Azure CLI for the conformance tests', () => {
  let folder: string;
  let environment: { readonly PATH: string; readonly XDG_CACHE_HOME: string; readonly NOTES: string };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cli-install-'));
    environment = { PATH: folder, XDG_CACHE_HOME: join(folder, 'cache'), NOTES: join(folder, 'notes') };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const offer = async (name: string, script: string): Promise<void> => {
    await writeFile(join(folder, name), script);
    await chmod(join(folder, name), 0o755);
  };
  const calls = async () => (await readFile(environment.NOTES, 'utf8')).trim().split('\n');

  it('takes the pinned version, once', async () => {
    await offer('python3', python('exit 0'));
    assert.equal(await obtainAzureCli(environment), undefined);
    assert.match((await calls()).at(-1) ?? '', new RegExp(`^-m pip install .*azure-cli==${azureCliVersion}$`));
    assert.equal(requireAzureCli(environment), join(azureCliFolder(environment), 'bin'));
    const before = await calls();
    assert.equal(await obtainAzureCli(environment), undefined);
    assert.deepEqual(await calls(), before);
  });

  it('says that it needs Python when there is none, or only an old one', async () => {
    const wanted = /could not be had\.\n {4}Python 3\.10 or newer, as 'python3' or 'python', is not on this machine/;
    assert.match((await obtainAzureCli(environment)) ?? '', wanted);
    await offer('python3', '#!/bin/sh\nexit 1\n');
    assert.match((await obtainAzureCli(environment)) ?? '', wanted);
  });

  it('takes a Python of the other name when the first is too old', async () => {
    await offer('python3', '#!/bin/sh\nexit 1\n');
    await offer('python', python('exit 0'));
    assert.equal(await obtainAzureCli(environment), undefined);
  });

  it('says what pip says, and does not take half an installation for one', async () => {
    await offer('python3', python('echo "ERROR: No matching distribution found" >&2; exit 1'));
    assert.match((await obtainAzureCli(environment)) ?? '', /could not be had\.\n {4}ERROR: No matching distribution/);
    assert.ok(existsSync(join(azureCliFolder(environment), 'bin', 'python')));
    assert.throws(() => requireAzureCli(environment), /is not here: npm run test:conformance:cli gets it/);
  });

  it('begins again after an installation that was interrupted', async () => {
    await offer('python3', python('exit 1'));
    await obtainAzureCli(environment);
    await writeFile(join(azureCliFolder(environment), 'left-over'), '');
    await offer('python3', python('exit 0'));
    assert.equal(await obtainAzureCli(environment), undefined);
    assert.ok(!existsSync(join(azureCliFolder(environment), 'left-over')));
  });
});
