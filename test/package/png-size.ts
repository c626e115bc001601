import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/package/definitions';

/** Width and height in pixels from a PNG's header (PNG specification, IHDR chunk); `file` as in the repository. */
export function readPngSize(file: string): { width: number; height: number } {
  const bytes = readFileSync(path.join(root, file));
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n', `${file} is not a PNG`);
  assert.equal(bytes.subarray(12, 16).toString('latin1'), 'IHDR', `${file} has no header`);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
