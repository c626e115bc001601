import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { FailureContext } from '../../shared/errors/explanation';
import type { Cloud } from '../../shared/sign-in/cloud';

/** What an adapter needs to send requests to a service of Azure. */
export interface ServiceParts {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  /** Repeats what may be repeated: reading. */
  readonly client: HttpClient;
  /** For perimeter rules, whose writes the caller repeats itself, and for refusals that contain an address. */
  readonly clientWithoutRetries: HttpClient;
  readonly userAgent: string;
  readonly failureContext: FailureContext;
}
