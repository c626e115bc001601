/** What can happen next. `shared` steps touch the vault: only their order matters to other jobs. */
export type Step =
  | 'starts'
  | 'reads'
  | 'has read'
  | 'begins to write'
  | 'commits'
  | 'is answered'
  | 'records'
  | 'looks'
  | 'checks'
  | 'wakes'
  | 'is killed'
  | 'is canceled'
  | 'runs out of time'
  | 'changes the vault';

/** How long a step may take, in milliseconds from the moment it becomes possible. */
export interface Window {
  readonly least: number;
  readonly most: number;
}

/** Something that has not happened yet. All times are virtual milliseconds. */
export interface Pending {
  readonly owner: string;
  readonly step: Step;
  readonly earliest: number;
  readonly latest: number;
  readonly run: () => void;
  /** What the step will do, as far as owner and step do not say it: parts the states of the world that look alike. */
  readonly detail: string;
  isCanceled: boolean;
}

/** Decides in which order, and when, pending things happen: the schedule. */
export interface Agenda {
  add(pending: Pending): void;
  /** Takes the next one out, with the time at which it happens; `undefined` when nothing is left. */
  take(now: number): { readonly pending: Pending; readonly at: number } | undefined;
}

interface Timed {
  readonly pending: Pending;
  readonly at: number;
  readonly order: number;
}

/** An agenda by time: `delay` says how long after its earliest moment each step happens. Ties keep their order. */
export function timedAgenda(delay: (pending: Pending) => number): Agenda {
  const heap: Timed[] = [];
  let order = 0;
  const isBefore = (one: Timed, other: Timed) => one.at < other.at || (one.at === other.at && one.order < other.order);
  const swap = (one: number, other: number) => {
    [heap[one], heap[other]] = [heap[other]!, heap[one]!];
  };
  return {
    add: (pending) => {
      order += 1;
      heap.push({ pending, at: Math.min(pending.latest, pending.earliest + delay(pending)), order });
      for (let child = heap.length - 1; child > 0;) {
        const parent = (child - 1) >> 1;
        if (!isBefore(heap[child]!, heap[parent]!)) break;
        swap(child, parent);
        child = parent;
      }
    },
    take: () => {
      for (;;) {
        const first = heap[0];
        const last = heap.pop();
        if (first === undefined || last === undefined) return undefined;
        if (heap.length > 0) heap[0] = last;
        for (let parent = 0; ;) {
          const [left, right] = [2 * parent + 1, 2 * parent + 2];
          let least = parent;
          if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
          if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
          if (least === parent) break;
          swap(parent, least);
          parent = least;
        }
        if (!first.pending.isCanceled) return first;
      }
    },
  };
}
