import type { Identity } from '../sign-in/connection';
import type { Diagnosis } from './diagnosis';
import type { Fault } from './fault';

/** What leads to a service connection in Azure DevOps. None of it is masked in logs. */
export interface ConnectionPlace {
  readonly organization: string;
  readonly project: string;
  /** The page of the connection in the project's settings. */
  readonly url: string;
}

/** Who asked for what, so that advice can name it. Absent members are left out of the advice. */
export interface FailureContext {
  /** How the service connection proves who it is; given only by what signs it in. */
  readonly identityKind?: Identity['kind'];
  /** The service connection's tenant. */
  readonly tenantId?: string;
  /** What the assertion of a federated connection says. */
  readonly federation?: { readonly issuer: string; readonly subject: string; readonly audience: string };
  /** The vault's name. */
  readonly vault?: string;
  /** Application id of the service connection's identity. */
  readonly clientId?: string;
  /** The vault's ARM resource id. */
  readonly resourceId?: string;
  /** Whether the vault takes only tokens that are bound to a client (`tokenBindingParameters.mode: Enforced`). */
  readonly bindsTokens?: boolean;
  /** Where in Azure DevOps the service connection is. */
  readonly connection?: ConnectionPlace;
}

/** Turns a fault into its diagnosis, or gives `undefined` for what it does not know. */
export type Explanation = (fault: Fault, context: FailureContext) => Diagnosis | undefined;
