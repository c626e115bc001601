/** Pages of a vault's listings. */
import { refuse } from '../http/exchange';

export interface PageRequest {
  readonly vaultUri: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly emptyPages: boolean;
}

interface Marker {
  readonly id: string;
  readonly empty: boolean;
}

type Item = Readonly<Record<string, unknown>>;

const maximumPage = 25;

/**
 * The requested page. Items are sorted by their IDs: by name, and versions by their random hex digits, so that no
 * client can rely on an order of time. The link contains port 443, as the service's does.
 */
export function pageOf(items: readonly Item[], request: PageRequest): Item {
  const size = pageSize(request.query.maxresults);
  const sorted = [...items].sort((a, b) => compareIds(idOf(a), idOf(b)));
  const marker = readMarker(request.query.$skiptoken);
  const rest = marker === undefined ? sorted : sorted.filter((item) => compareIds(idOf(item), marker.id) >= 0);
  const page = marker?.empty === true ? [] : rest.slice(0, size);
  const next = rest[page.length];
  if (next === undefined) return { value: page, nextLink: null };
  return {
    value: page,
    nextLink: linkTo(request, size, { id: idOf(next), empty: request.emptyPages && page.length > 0 }),
  };
}

function pageSize(text: string | undefined): number {
  const size = text === undefined ? maximumPage : Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= maximumPage) return size;
  throw refuse(
    400,
    'BadParameter',
    `Invalid maxresults value: ${String(text)}. It must be between 1 and ${maximumPage}.`,
  );
}

function linkTo({ vaultUri, path, query }: PageRequest, size: number, marker: Marker): string {
  const token = Buffer.from(JSON.stringify({ NextMarker: marker, TargetLocation: 0 })).toString('base64url');
  const origin = vaultUri.replace(/\/$/, ':443/');
  return `${origin}${path}?api-version=${query['api-version'] ?? ''}&$skiptoken=${token}&maxresults=${size}`;
}

function readMarker(token: string | undefined): Marker | undefined {
  if (token === undefined) return undefined;
  try {
    return (JSON.parse(Buffer.from(token, 'base64url').toString()) as { NextMarker: Marker }).NextMarker;
  } catch {
    throw refuse(400, 'BadParameter', 'The skip token is malformed.');
  }
}

function idOf(item: Item): string {
  return String(item.id).toLowerCase();
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
