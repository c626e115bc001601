import type { ConnectionPlace } from '../errors/explanation';

/**
 * The page of a service connection in Azure DevOps. The address is from the agent's own connection to the server,
 * because an earlier step can overwrite `System.CollectionUri`, and users will open this link. `undefined` if the agent
 * does not provide enough.
 */
export function placeOf(connectionId: string, serverUrl: string, project: string): ConnectionPlace | undefined {
  if (!URL.canParse(serverUrl) || project === '') {
    return undefined;
  }
  const server = new URL(serverUrl);
  const path = server.pathname.replace(/\/+$/, '');
  // Azure DevOps has the organization in the path, except at its older addresses.
  const organization = (path === '' ? server.hostname.split('.')[0] : path.split('/').at(-1)) ?? '';
  const page = `${encodeURIComponent(project)}/_settings/adminservices?resourceId=${encodeURIComponent(connectionId)}`;
  return { organization, project, url: `${server.origin}${path}/${page}` };
}
