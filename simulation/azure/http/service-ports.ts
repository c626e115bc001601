/** What a service needs from its host. */
export interface ServicePorts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}
