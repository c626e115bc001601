import type { HttpClient } from '@azure/core-rest-pipeline';
import { onlyHost } from './only-host';
import type { FindMissing } from './response-shape';
import { withShapeCheck } from './shape-check';

/**
 * The client of one service of Azure: the step's token goes to its host only, and what answers has to be that service.
 * The layers below it are composed by `connectAzure`; CONTRIBUTING.md draws all of them.
 */
export function serviceClient(client: HttpClient, url: string, findMissing: FindMissing): HttpClient {
  return withShapeCheck(onlyHost(client, new URL(url).host), findMissing);
}
