/** The ports of a service. */
export interface ServicePorts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}
