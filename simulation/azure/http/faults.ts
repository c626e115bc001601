/** Failures ordered by a test: what goes wrong, for which requests, and how often. */
import type { Answer, SimulatedRequest } from './exchange';

export type FaultEffect =
  /** The connection is reset before the service has seen the request. */
  | 'reset-before'
  /** The service does its work, and the connection is reset instead of an answer. */
  | 'reset-after'
  /** The service never sees the request, and nothing comes back. */
  | 'hang'
  /** The answer ends half-way through its body. */
  | 'truncate'
  /** The answer stops half-way through its body, and the connection stays open. */
  | 'stall'
  /** The service's usual answer comes so much later. */
  | { readonly delayMs: number }
  /** The service does its work at once, and its answer waits for this. */
  | { readonly until: Promise<unknown> }
  /** The service does its work, and its answer is changed on the way. */
  | { readonly alter: (answer: Answer) => Answer }
  /** The service is not asked: this is the answer. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface Fault {
  readonly when: (request: SimulatedRequest) => boolean;
  /** How many requests it hits; without it, every one. */
  readonly times?: number;
  readonly then: FaultEffect;
}

export interface Faults {
  /** Adds a fault; the returned function takes it back. */
  readonly order: (fault: Fault) => () => void;
  /** The effect of the first fault that this request meets, which is used up by it. */
  readonly meet: (request: SimulatedRequest) => FaultEffect | undefined;
}

export function createFaults(): Faults {
  const ordered = new Map<Fault, number>();
  return {
    order: (fault) => {
      ordered.set(fault, fault.times ?? Number.POSITIVE_INFINITY);
      return () => ordered.delete(fault);
    },
    meet: (request) => {
      for (const [fault, left] of ordered) {
        if (left <= 0 || !fault.when(request)) continue;
        ordered.set(fault, left - 1);
        return fault.then;
      }
      return undefined;
    },
  };
}
