import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';

/** A credential whose tokens are renewed if a server refuses one, for all clients created by `withTokenRenewal`. */
export interface TokenKeeper {
  readonly credential: TokenCredential;
  /** Requests a token that will be needed soon. If it fails, the caller that needs the token gets the error. */
  prepare(scope: string, options: GetTokenOptions): void;
  /** The same client, which repeats a request with a new token if a token from here was refused with a 401. */
  readonly withTokenRenewal: (client: HttpClient) => HttpClient;
}

/** The parameters with which a token was requested. */
interface TokenRequest {
  readonly scopes: string | string[];
  readonly options: GetTokenOptions | undefined;
}

/** The tokens that were returned. */
interface Tokens {
  readonly getToken: TokenCredential['getToken'];
  readonly prepare: TokenKeeper['prepare'];
  /** The token that replaced this one; the token itself if it was not replaced. */
  current(token: string): Promise<string>;
  /** A new token to replace a refused one, or the same if there is no other; `undefined` if it is not from here. */
  renew(refused: string): Promise<string> | undefined;
}

/**
 * The SDK's clients keep a token until it is about to expire by this computer's clock, even if the server refuses it.
 * `createCredential` creates a credential that has no token yet.
 */
export function keepTokens(
  createCredential: () => Promise<TokenCredential>,
  mask: (text: string) => void,
): TokenKeeper {
  const tokens = createTokens(createCredential, mask);
  return {
    credential: { getToken: tokens.getToken },
    prepare: tokens.prepare,
    withTokenRenewal: (client) => ({
      async sendRequest(request) {
        const sent = await tokens.current(bearerOf(request));
        const response = await client.sendRequest(withBearer(request, sent));
        // The SDK itself answers a challenge for additional claims.
        const isRefused = response.status === 401 && !asksForClaims(response);
        const successor = isRefused ? await tokens.renew(sent) : undefined;
        return successor === undefined || successor === sent
          ? response
          : client.sendRequest(withBearer(request, successor));
      },
    }),
  };
}

function createTokens(createCredential: () => Promise<TokenCredential>, mask: (text: string) => void): Tokens {
  const requests = new Map<string, TokenRequest>();
  const successors = new Map<string, Promise<string>>();
  let credential: Promise<TokenCredential> | undefined;
  const getToken: Tokens['getToken'] = async (scopes, options) => {
    const token = await (await (credential ??= createCredential())).getToken(scopes, options);
    if (token !== null) {
      // Code that prints a token by mistake must not show it.
      mask(token.token);
      requests.set(token.token, { scopes, options });
    }
    return token;
  };
  const replaceToken = async (refused: string, { scopes, options }: TokenRequest) => {
    credential = createCredential();
    const token = (await getToken(scopes, options))?.token ?? refused;
    // A token that was refused before, usually this one, is not a replacement: using it again would lead to a loop.
    if (successors.has(token)) {
      successors.delete(refused);
      return refused;
    }
    return token;
  };
  const renew = (refused: string) => {
    const request = requests.get(refused);
    const successor = successors.get(refused) ?? (request === undefined ? undefined : replaceToken(refused, request));
    if (successor !== undefined) {
      successors.set(refused, successor);
    }
    return successor;
  };
  return { ...shareRequests(getToken), current: (token) => lastOf(token, successors), renew };
}

/**
 * If the same token is already requested or prepared, requests for it get that one, because vaults request it at the
 * same time.
 */
function shareRequests(send: Tokens['getToken']): Pick<Tokens, 'getToken' | 'prepare'> {
  const coming = new Map<string, Promise<AccessToken | null>>();
  const begin: Tokens['getToken'] = (scopes, options) => {
    const key = keyOf(scopes, options);
    const token = coming.get(key) ?? send(scopes, options);
    coming.set(key, token);
    return token;
  };
  return {
    getToken: async (scopes, options) => {
      try {
        return await begin(scopes, options);
      } finally {
        coming.delete(keyOf(scopes, options));
      }
    },
    prepare: (scope, options) => {
      begin(scope, options).catch(() => undefined);
    },
  };
}

function keyOf(scopes: string | string[], options: GetTokenOptions | undefined): string {
  return [scopes, options?.tenantId?.toLowerCase(), options?.claims].flat().join(' ');
}

/** The last token in a chain of replacements. */
async function lastOf(first: string, successors: ReadonlyMap<string, Promise<string>>): Promise<string> {
  let token = first;
  for (let next = successors.get(token); next !== undefined; next = successors.get(token)) {
    token = await next;
  }
  return token;
}

function bearerOf(request: PipelineRequest): string {
  return /^Bearer (.+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1] ?? '';
}

function withBearer(request: PipelineRequest, token: string): PipelineRequest {
  if (token !== '') {
    request.headers.set('Authorization', `Bearer ${token}`);
  }
  return request;
}

function asksForClaims(response: { headers: { get(name: string): string | undefined } }): boolean {
  return /\bclaims=/.test(response.headers.get('WWW-Authenticate') ?? '');
}
