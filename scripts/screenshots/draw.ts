import { stat, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { root } from '../package/definitions';
import { drawPage } from './chromium';
import { composeRun } from './example-run';
import { composeForms, fingerprintForms } from './forms';
import { textsOf } from './shown-text';

/** Writes the texts of the pictures next to them: tests compare these without Chromium. */
async function recordSource(name: string, content: object): Promise<void> {
  await writeFile(resolve(root, 'images/source', name), `${JSON.stringify(content, undefined, 2)}\n`);
}

/** Draws the pictures of overview.md into images/, from a real run and the real task.json. */
async function drawScreenshots(): Promise<void> {
  const run = await composeRun();
  for (const [name, html] of Object.entries({ ...run, ...(await composeForms()) })) {
    const target = resolve(root, 'images', name);
    await drawPage(html, target);
    console.log(`${relative(process.cwd(), target)}  ${Math.ceil((await stat(target)).size / 1024)} KiB`);
  }
  await recordSource('forms.json', await fingerprintForms());
  await recordSource('run.json', textsOf(run));
}

void drawScreenshots();
