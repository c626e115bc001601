import type { Pattern } from './pattern';
import type { Authorization } from './raw-site';

/** One request, and the answer that Azure publishes for it. */
export interface RawRequest {
  /** Reads as a specification, and names the request in `differences.ts`. */
  readonly title: string;
  readonly method?: string;
  /** A service, and a path in which `{...}` replaces what differs from site to site. */
  readonly url: `${'vault' | 'arm' | 'login'}:${string}`;
  readonly authorization?: Authorization;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly expect: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, RegExp>>;
    readonly body?: Pattern;
  };
}

/** The version of the vault's interface in which most requests are sent. */
export const vaultVersion = 'api-version=7.4';

/** What a vault says when it refuses (Microsoft Learn, "Azure Key Vault REST API error codes"). */
export function vaultError(code: string, inner?: string): Pattern {
  return { error: { code, message: /./, ...(inner === undefined ? {} : { innererror: { code: inner } }) } };
}
