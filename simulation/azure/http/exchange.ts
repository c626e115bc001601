/** Requests and answers as plain data: the only view of HTTP that the simulated services have. */

/** The service that a host name belongs to. */
export type Service = 'entra' | 'arm' | 'vault' | 'devops' | 'echo';

/** How a connection reaches a vault when not over the public internet. */
export type PrivatePath =
  | { readonly kind: 'PrivateLink'; readonly privateEndpoint: string }
  | { readonly kind: 'Subnet'; readonly subnet: string };

/** The other end of a connection, as Azure sees it. */
export interface Client {
  /** IPv4, public unless `via` is set. */
  readonly address: string;
  readonly via?: PrivatePath;
  /** SHA-256 fingerprint of the client's certificate, if one was requested. */
  readonly certificate?: string;
}

export interface SimulatedRequest {
  readonly service: Service;
  readonly method: string;
  /** Lower case, without a port. */
  readonly host: string;
  /** As sent, still percent-encoded. */
  readonly path: string;
  /** Decoded; a repeated name keeps its last value. */
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly client: Client;
  /** Requests with the same number used the same connection. */
  readonly connection: number;
  /** How many connections to this host there were before this one. */
  readonly earlierConnections: number;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer with a JSON body. */
export function answerJson(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** An answer with a plain-text body. */
export function answerText(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

/** A service refuses a request: contains the answer for the client. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly answer: Answer) {
    super(`${answer.status} ${answer.body}`);
  }
}

/** A refusal in the shape that both ARM and Key Vault use: `{"error":{"code","message"}}`. */
export function refuse(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refused {
  return new Refused(answerJson(status, { error: { code, message } }, headers));
}

/** Runs `produce` and converts a refusal into its answer; any other error is a bug of the simulation and is thrown. */
export async function answerOrRefusal(produce: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await produce();
  } catch (error) {
    if (error instanceof Refused) return error.answer;
    throw error;
  }
}
