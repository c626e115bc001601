import assert from 'node:assert/strict';
import { readManifest, taskFolders } from '../../scripts/package/definitions';
import { readPngSize } from './png-size';

describe('the icons', () => {
  for (const folder of taskFolders) {
    it(`of ${folder} is the 32 by 32 pixels that the editors show`, () => {
      assert.deepEqual(readPngSize(`${folder}/icon.png`), { width: 32, height: 32 });
    });
  }

  it('of the extension is square and at least the 128 pixels that the Marketplace wants', () => {
    const { width, height } = readPngSize(readManifest().icons.default);
    assert.equal(width, height);
    assert.ok(width >= 128);
  });
});
