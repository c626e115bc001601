import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The address in the sources' links and in package.json until the project has a home page: a reserved name (RFC 2606).
 */
export const placeholder = 'https://pipeline-tasks.example/azure-key-vault';

/** The address of the repository's page, `homepage` in package.json. All links in the package begin with it. */
export function readHomepage(root: string): string {
  const { homepage } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { homepage: string };
  return homepage.replace(/\/+$/, '');
}

/** Whether no home page has been set yet: then links do not work, and the extension must not be published. */
export function isPlaceholder(homepage: string): boolean {
  return new URL(homepage).hostname.endsWith('.example');
}

/** The address of docs/troubleshooting.md; `''` if there is none. */
export function troubleshootingUrl(homepage: string): string {
  return isPlaceholder(homepage) ? '' : `${homepage}/blob/main/docs/troubleshooting.md`;
}

/** A text of the sources in the form in which it is shipped. */
export function withHomepage(text: string, homepage: string): string {
  return text.replaceAll(placeholder, homepage);
}
