import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { pictureSize } from './page';

/** Draws a page into a PNG of the picture's size, with Chromium on the path or the program in CHROMIUM. */
export async function drawPage(html: string, target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'screenshot-'));
  try {
    const page = join(folder, 'page.html');
    await writeFile(page, html);
    const size = `--window-size=${pictureSize.width},${pictureSize.height}`;
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-device-scale-factor=1'];
    const args = [...flags, size, `--screenshot=${target}`, pathToFileURL(page).href];
    await promisify(execFile)(process.env.CHROMIUM ?? 'chromium', args);
  } finally {
    await rm(folder, { recursive: true });
  }
}
