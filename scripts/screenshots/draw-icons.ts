import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { root } from '../package/definitions';

/** Draws the PNG pictures from images/source/*.svg. Needs Chromium on the path, or its program in CHROMIUM. */
const pictures = [
  { source: 'extension-icon', target: 'images/extension-icon.png', size: 256 },
  { source: 'keyvault-secrets', target: 'tasks/keyvault-secrets/icon.png', size: 32 },
  { source: 'keyvault-agent-access', target: 'tasks/keyvault-agent-access/icon.png', size: 32 },
];

/** A page that draws the picture on a canvas of exactly that size, transparency kept, and shows the PNG as base64. */
function composePage(svg: string, size: number): string {
  const image = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  return `<canvas width="${size}" height="${size}"></canvas><p></p><script>
    const image = new Image(${size}, ${size});
    image.onload = () => {
      const canvas = document.querySelector('canvas');
      canvas.getContext('2d').drawImage(image, 0, 0, ${size}, ${size});
      document.querySelector('p').textContent = canvas.toDataURL('image/png');
    };
    image.src = '${image}';
  </script>`;
}

async function renderPage(page: string): Promise<Buffer> {
  const chromium = process.env.CHROMIUM ?? 'chromium';
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=2000', '--dump-dom'];
  const { stdout } = await promisify(execFile)(chromium, [...flags, pathToFileURL(page).href], { maxBuffer: 2 ** 24 });
  const [, png] = /<p>data:image\/png;base64,([^<]+)<\/p>/.exec(stdout) ?? [];
  if (png === undefined) throw new Error(`${chromium} did not draw ${page}`);
  return Buffer.from(png, 'base64');
}

/** `npm run icons` */
async function drawIcons(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'icons-'));
  for (const { source, target, size } of pictures) {
    const page = path.join(folder, `${source}.html`);
    await writeFile(page, composePage(await readFile(path.join(root, `images/source/${source}.svg`), 'utf8'), size));
    await writeFile(path.join(root, target), await renderPage(page));
    console.log(`${target}  ${size} x ${size}`);
  }
  await rm(folder, { recursive: true });
}

void drawIcons();
