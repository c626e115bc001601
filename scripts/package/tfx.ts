import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const tfx = createRequire(__filename).resolve('tfx-cli/_build/tfx-cli.js');

/**
 * Packs the extension in the folder `stage` into the file `vsix`; `overrides` is a file with manifest fields to
 * replace. Throws if tfx shows a warning: for tfx, a task.json that is broken or whose targets are missing is only a
 * warning, and the task is then missing in the organization.
 */
export async function createVsix(stage: string, vsix: string, overrides?: string): Promise<void> {
  const manifest = ['--root', stage, '--manifest-globs', 'vss-extension.json'];
  const replaced = overrides === undefined ? [] : ['--overrides-file', overrides];
  const flags = ['--output-path', vsix, '--no-prompt', '--no-color'];
  const args = [tfx, 'extension', 'create', ...manifest, ...replaced, ...flags];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: stage });
  const warnings = stdout.split(/\r?\n/).filter((line) => line.includes('warning: '));
  if (warnings.length > 0) throw new Error(`tfx warns about the extension:\n${warnings.join('\n')}`);
}
