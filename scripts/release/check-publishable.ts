import { refusePlaceholders } from './placeholders';

/** `npm run check:publishable -- extension.vsix`, which publish.sh runs first. */
const [vsix] = process.argv.slice(2);
if (vsix === undefined) throw new Error('The path of the VSIX is missing');
void refusePlaceholders(vsix);
