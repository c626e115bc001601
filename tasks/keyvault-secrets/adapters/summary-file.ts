import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportMessages as messages } from '../messages/report';
import type { Summary } from '../ports';

/**
 * A file on the run's summary page. The agent uploads it when the job ends, so it lies in the folder that lives as long as
 * the job.
 */
export function createSummary(tempFolder: () => string, upload: (path: string) => void): Summary {
  return {
    publish: (markdown) => {
      const path = join(mkdtempSync(join(tempFolder(), 'keyvault-summary-')), `${messages.summaryTitle}.md`);
      writeFileSync(path, markdown);
      upload(path);
    },
  };
}
