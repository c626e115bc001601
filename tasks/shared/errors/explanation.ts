import type { Diagnosis } from './diagnosis';
import type { Fault } from './fault';

/** What identifies a service connection in Azure DevOps. None of it is masked in logs. */
export interface ConnectionPlace {
  readonly organization: string;
  readonly project: string;
  /** The page of the connection in the project's settings. */
  readonly url: string;
}

/** Who requested what, so that advice can name it. Members that are absent are omitted from the advice. */
export interface FailureContext {
  /** True for a failure to sign in as a managed identity. */
  readonly isManagedSignIn?: boolean;
  /** The service connection's tenant. */
  readonly tenantId?: string;
  /** The claims of a federated connection's assertion. */
  readonly federation?: { readonly issuer: string; readonly subject: string; readonly audience: string };
  /** The vault's name. */
  readonly vault?: string;
  /** Application id of the service connection's identity. */
  readonly clientId?: string;
  /** The vault's ARM resource id. */
  readonly resourceId?: string;
  /** Whether the vault accepts only tokens that are bound to a client (`tokenBindingParameters.mode: Enforced`). */
  readonly bindsTokens?: boolean;
  /** Where in Azure DevOps the service connection is. */
  readonly connection?: ConnectionPlace;
}

/** Turns a fault into its diagnosis, or returns `undefined` for an unknown fault. */
export type Explanation = (fault: Fault, context: FailureContext) => Diagnosis | undefined;
