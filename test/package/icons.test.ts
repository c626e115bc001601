import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readManifest, root, taskFolders } from './definitions';

/** Width and height in pixels from a PNG's header (PNG specification, IHDR chunk). */
function readPngSize(file: string): { width: number; height: number } {
  const bytes = readFileSync(path.join(root, file));
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n', `${file} is not a PNG`);
  assert.equal(bytes.subarray(12, 16).toString('latin1'), 'IHDR', `${file} has no header`);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

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
