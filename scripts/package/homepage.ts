import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What the sources link to, and package.json names, until the project has a home: a reserved name (RFC 2606). */
export const placeholder = 'https://pipeline-tasks.example/azure-key-vault';

/** The address of the repository's page, `homepage` in package.json. Every link of what is shipped begins with it. */
export function readHomepage(root: string): string {
  const { homepage } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { homepage: string };
  return homepage.replace(/\/+$/, '');
}

/** Whether no home page has been set yet: then links lead nowhere, and nothing may be published. */
export function isPlaceholder(homepage: string): boolean {
  return new URL(homepage).hostname.endsWith('.example');
}

/** The address of docs/troubleshooting.md; `''` while there is none. */
export function troubleshootingUrl(homepage: string): string {
  return isPlaceholder(homepage) ? '' : `${homepage}/blob/main/docs/troubleshooting.md`;
}

/** A text of the sources as it is shipped. */
export function withHomepage(text: string, homepage: string): string {
  return text.replaceAll(placeholder, homepage);
}
