import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { keepBundled, type BillOfMaterials } from '../../scripts/package/sbom';
import { findVsix, readVsix } from '../../scripts/package/vsix';

const component = (name: string, version: string) => ({ 'bom-ref': `${name}@${version}`, name, version });

const installed: BillOfMaterials = {
  serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000001',
  metadata: { timestamp: '2026-01-31T00:00:00.000Z', component: component('folder', '1.0.0') },
  components: [component('a', '1.0.0'), component('a', '2.0.0'), component('b', '1.0.0'), component('test', '1.0.0')],
  dependencies: [
    { ref: 'folder@1.0.0', dependsOn: ['a@1.0.0', 'test@1.0.0'] },
    { ref: 'a@1.0.0', dependsOn: ['b@1.0.0'] },
    { ref: 'test@1.0.0', dependsOn: ['a@2.0.0'] },
  ],
};

describe('the bill of materials', () => {
  it('keeps what is bundled, in the version that is, and what that depends on', () => {
    const kept = keepBundled(installed, [component('a', '1.0.0'), component('b', '1.0.0')], 'The extension');
    assert.deepEqual(
      kept.components.map((one) => one['bom-ref']),
      ['a@1.0.0', 'b@1.0.0'],
    );
    assert.deepEqual(kept.dependencies, [
      { ref: 'folder@1.0.0', dependsOn: ['a@1.0.0'] },
      { ref: 'a@1.0.0', dependsOn: ['b@1.0.0'] },
    ]);
  });

  it('says nothing of when and where it was made', () => {
    const text = JSON.stringify(keepBundled(installed, [], 'The extension'));
    for (const trace of ['urn:uuid', 'timestamp', '"folder"']) assert.ok(!text.includes(trace), trace);
  });

  it('is not made when npm does not know what is bundled', () => {
    assert.throws(() => keepBundled(installed, [component('c', '1.0.0')], ''), /lacks c@1\.0\.0/);
  });

  it('next to the VSIX lists exactly the packages of the third-party notices', async () => {
    const bill = JSON.parse(readFileSync(findVsix().replace(/vsix$/, 'cdx.json'), 'utf8')) as BillOfMaterials;
    const listed = bill.components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`);
    const notices = Buffer.from((await readVsix(findVsix())).get('THIRD-PARTY-NOTICES.txt')!).toString();
    const noticed = [...notices.matchAll(/^(\S+ \S+)\nLicense: /gm)].map(([, name]) => name);
    assert.deepEqual(listed.sort(), noticed.sort());
    assert.ok(listed.length > 10);
  });
});
