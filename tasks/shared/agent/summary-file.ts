import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a section of the run's summary page, and returns the path of its file. The agent uploads the file when the job
 * ends, so it is in the folder that exists as long as the job. The portal shows its name as the section's title.
 */
export function writeSummaryFile(tempFolder: string, title: string, markdown: string): string {
  const path = join(mkdtempSync(join(tempFolder, 'keyvault-summary-')), `${title}.md`);
  writeFileSync(path, markdown);
  return path;
}
