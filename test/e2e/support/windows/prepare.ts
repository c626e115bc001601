/** Gets Node for Windows ready (`npm run test:windows`); says why it cannot be had, and then fails. */
import { prepareWindowsNodes, whyNoWindows } from './windows-node';

const problem = whyNoWindows();
if (problem === undefined) prepareWindowsNodes();
else {
  console.error(`No Windows: ${problem}.`);
  process.exitCode = 1;
}
