export const placeholder: string;
export function readHomepage(root: string): string;
export function isPlaceholder(homepage: string): boolean;
export function troubleshootingUrl(homepage: string): string;
export function withHomepage(text: string, homepage: string): string;
