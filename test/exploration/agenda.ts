/** The possible next events. `shared` steps access the vault: for other jobs, only their order matters. */
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
  /** What the step will do, beyond its owner and kind. It distinguishes states of the world that look the same. */
  readonly detail: string;
  isCanceled: boolean;
}

/** Decides in which order, and when, pending events happen: the schedule. */
export interface Agenda {
  add(pending: Pending): void;
  /** Removes the next event and returns it with its time; `undefined` if there is none. */
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
