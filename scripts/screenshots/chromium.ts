import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { pictureSize } from './page';

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-device-scale-factor=1'];

/** Leaves the height of what the page shows in its title, where {@link contentHeight} reads it. */
const measuring = '<script>document.title = String(document.body.scrollHeight);</script>';

async function runChromium(...args: readonly string[]): Promise<string> {
  const size = `--window-size=${pictureSize.width},${pictureSize.height}`;
  const { stdout } = await promisify(execFile)(process.env.CHROMIUM ?? 'chromium', [...flags, size, ...args]);
  return stdout;
}

async function contentHeight(url: string): Promise<number> {
  const [, height] = /<title>(\d+)<\/title>/.exec(await runChromium('--dump-dom', url)) ?? [];
  return Number(height);
}

/**
 * Draws a page into a PNG of the picture's size, with Chromium on the path or the program in CHROMIUM.
 * @throws Error when the page is higher than the picture, which would cut its last lines off
 */
export async function drawPage(html: string, target: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'screenshot-'));
  try {
    const page = join(folder, 'page.html');
    await writeFile(page, html + measuring);
    const url = pathToFileURL(page).href;
    const height = await contentHeight(url);
    if (!(height <= pictureSize.height)) {
      throw new Error(`${target}: the page is ${height} pixels high, the picture ${pictureSize.height}`);
    }
    await runChromium(`--screenshot=${target}`, url);
  } finally {
    await rm(folder, { recursive: true });
  }
}
