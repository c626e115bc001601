/** Failures that a test adds: what fails, for which requests, and how often. */
import type { Answer, SimulatedRequest } from './exchange';

export type FaultEffect =
  /** The connection is reset before the service has seen the request. */
  | 'reset-before'
  /** The service does its work, and the connection is reset instead of an answer. */
  | 'reset-after'
  /** The service does not receive the request, and no answer is sent. */
  | 'hang'
  /** The answer ends in the middle of its body. */
  | 'truncate'
  /** The answer stops in the middle of its body, and the connection stays open. */
  | 'stall'
  /** The service's usual answer comes later by this time. */
  | { readonly delayMs: number }
  /** The service does its work immediately, and its answer waits for this. */
  | { readonly until: Promise<unknown> }
  /** The service does its work, and its answer is changed before it is sent. */
  | { readonly alter: (answer: Answer) => Answer }
  /** The service does not receive the request: this is the answer. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface Fault {
  readonly when: (request: SimulatedRequest) => boolean;
  /** How many requests it affects; if absent, all. */
  readonly times?: number;
  readonly then: FaultEffect;
}

export interface Faults {
  /** Adds a fault; the returned function removes it. */
  readonly order: (fault: Fault) => () => void;
  /** The effect of the first fault that applies to this request, which uses up the fault once. */
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
