import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  isPlaceholder,
  placeholder,
  readHomepage,
  troubleshootingUrl,
  withHomepage,
} from '../../scripts/package/homepage';
import { stageExtension } from '../../scripts/package/stage';
import { readJson, root, taskFolders } from '../../scripts/package/definitions';

const home = 'https://github.com/contoso/azure-key-vault';
const shipped = ['vss-extension.json', 'overview.md', ...taskFolders.map((folder) => `${folder}/task.json`)];

describe('the home page', () => {
  it('is a reserved address, or one that every link of the sources can use', () => {
    assert.ok(readHomepage(root) === placeholder || !isPlaceholder(readHomepage(root)));
  });

  it('is where messages lead once there is one', () => {
    assert.equal(troubleshootingUrl(placeholder), '');
    assert.equal(troubleshootingUrl(home), `${home}/blob/main/docs/troubleshooting.md`);
  });

  it('takes the place of the placeholder in every link', () => {
    assert.equal(withHomepage(`${placeholder}/issues ${placeholder}`, home), `${home}/issues ${home}`);
  });

  for (const file of shipped) {
    it(`is all that ${file} links to of this project`, () => {
      const text = readFileSync(path.join(root, file), 'utf8');
      assert.ok(text.includes(`${placeholder}/`));
      const own = /\w+:\/\/[^\s")]*(?:azure-key-vault|key-vault-tasks)/g;
      for (const [link] of text.matchAll(own)) assert.ok(link.startsWith(placeholder), link);
    });
  }

  it('is in everything that is staged', async () => {
    const [source, stage] = [mkdtempSync(path.join(tmpdir(), 'home-')), mkdtempSync(path.join(tmpdir(), 'stage-'))];
    try {
      for (const name of ['vss-extension.json', 'overrides.dev.json', 'overview.md', 'LICENSE', 'images', 'tasks']) {
        cpSync(path.join(root, name), path.join(source, name), { recursive: true });
      }
      const manifest = readJson('package.json') as object;
      writeFileSync(path.join(source, 'package.json'), JSON.stringify({ ...manifest, homepage: `${home}/` }));
      await stageExtension(source, stage, { notices: '', visibility: 'private', development: false });
      for (const file of shipped) {
        const text = readFileSync(path.join(stage, file), 'utf8');
        assert.ok(text.includes(`${home}/`), file);
        assert.ok(!text.includes(placeholder), file);
      }
    } finally {
      rmSync(source, { recursive: true });
      rmSync(stage, { recursive: true });
    }
  });
});
