import type { Caller } from '../caller';
import type { Cloud } from '../clouds';
import type { SimulatedRequest } from '../http/exchange';
import type { ServicePorts } from '../http/service-ports';
import type { BucketSize } from '../http/token-bucket';
import type { World } from '../world';

export interface ArmLimits {
  readonly reads: BucketSize;
  readonly writes: BucketSize;
  readonly deletes: BucketSize;
}

export interface ArmPorts extends ServicePorts {
  /** Resolves when the resource provider has done its part of a write, at least one turn of the event loop later. */
  readonly work: (request: SimulatedRequest) => Promise<void>;
  readonly limits: ArmLimits;
  /** Whether ARM still accepts the versions of Microsoft.KeyVault that it refuses from 2027-02-27 on. */
  readonly acceptsRetiredVersions: boolean;
  /** Entries of a listing's page when the client names no `$top`. */
  readonly pageSize: number;
}

/** One request to ARM after authentication. */
export interface ArmCall {
  readonly world: World;
  readonly cloud: Cloud;
  readonly caller: Caller;
  readonly request: SimulatedRequest;
  readonly apiVersion: string;
  readonly ports: ArmPorts;
}
