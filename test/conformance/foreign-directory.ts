import type { FederatedCredential } from '../../simulation/azure/world';
import type { Ports } from './foreign-services';

/** An application of the foreign directory. The server makes both up. */
export interface ForeignApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The machine's own identity: an application that the token service brings along. */
export const systemAssignedIdentity = '00d88624-f0d7-46f6-a641-6232c2608928';

/** What administrators do in the foreign token service: its own interface, nothing of Microsoft's. */
export interface ForeignDirectory {
  addApplication(name: string): Promise<ForeignApplication>;
  /** Lets whoever holds the key of this certificate (PEM) sign in as the application. */
  registerCertificate(clientId: string, certificate: string): Promise<void>;
  /** Lets whoever the issuer calls by this subject sign in as the application. */
  trust(clientId: string, credential: FederatedCredential): Promise<void>;
  /** A token signed with the real key and these peculiarities. */
  forgeToken(form: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Administers the token service. @throws Error with the answer, when it refuses. */
export function administerDirectory({ entra }: Ports): ForeignDirectory {
  const post = async (path: string, json: unknown): Promise<Readonly<Record<string, string>>> => {
    const headers = { 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${entra}/admin/api/${path}`;
    const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(json) });
    if (!reply.ok) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as Record<string, string>;
  };
  return {
    addApplication: async (name) => {
      const { id = '' } = await post('apps', { displayName: name, isConfidential: true });
      const { secretText = '' } = await post(`apps/${id}/secrets`, { displayName: 'pipeline' });
      return { clientId: id, clientSecret: secretText };
    },
    registerCertificate: async (clientId, certificate) => {
      await post(`apps/${clientId}/keyCredentials`, { publicKey: certificate, displayName: 'pipeline' });
    },
    trust: async (clientId, { issuer, subject, audience }) => {
      await post(`apps/${clientId}/federated-credentials`, {
        name: 'pipeline',
        issuer,
        subject,
        audiences: [audience],
      });
    },
    forgeToken: async (form) => {
      const { token = '' } = await post('tokens', form);
      return token;
    },
  };
}
