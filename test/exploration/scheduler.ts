import type { Agenda, Pending, Step, Window } from './agenda';

/** One process of a job under the scheduler: it runs only between two of its calls to a port. */
export interface Process {
  readonly name: string;
  readonly controller: AbortController;
  isAlive: boolean;
  /** Digest of everything that the process has received: two processes with the same one will do the same. */
  digest: number;
  /** Wakes the process with an error while it waits for a port. */
  interrupt: ((reason: Error) => void) | undefined;
}

/** A process that waits for the answer of a port. */
interface Parked<T> {
  readonly promise: Promise<T>;
  answer(value: T, received?: string): void;
  fail(error: Error): void;
}

export interface Scheduler {
  now(): number;
  plan(owner: string, step: Step, window: Window, run: () => void, detail?: string): Pending;
  start(name: string, body: (process: Process) => Promise<void>): Process;
  park<T>(process: Process): Parked<T>;
  kill(process: Process): void;
  cancel(process: Process, reason: Error): void;
  note(line: () => string): void;
  /** Runs until nothing is pending, or `until` says so after a step. */
  run(until: () => boolean): Promise<void>;
}

/** Schedules longer than this are taken for a livelock. */
const mostSteps = 4_000_000;
/** A process that has not called a port after this many turns of the microtask queue waits for something unknown. */
const mostTurns = 5_000;

export function createScheduler(agenda: Agenda, trace: string[] | undefined): Scheduler {
  let now = 0;
  let running: Process | undefined;
  const wake = (process: Process, received: string) => {
    process.interrupt = undefined;
    process.digest = mix(process.digest, `${now}${received}`);
    running = process;
  };
  const settle = async () => {
    for (let turn = 0; running !== undefined; turn += 1) {
      if (turn > mostTurns) throw new Error(`${running.name} neither ended nor called a port.`);
      await Promise.resolve();
    }
  };
  const scheduler: Scheduler = {
    now: () => now,
    plan(owner, step, { least, most }, run, detail = '') {
      const pending = { owner, step, earliest: now + least, latest: now + most, run, detail, isCanceled: false };
      agenda.add(pending);
      return pending;
    },
    start(name, body) {
      const process: Process = {
        ...{ name, controller: new AbortController(), isAlive: true, digest: mix(0, name), interrupt: undefined },
      };
      wake(process, 'start');
      void body(process).finally(() => {
        process.isAlive = false;
        running = undefined;
      });
      return process;
    },
    park<T>(process: Process) {
      running = undefined;
      let resolve: (value: T) => void = () => undefined;
      let reject: (error: Error) => void = () => undefined;
      const promise = new Promise<T>((fulfil, refuse) => {
        resolve = fulfil;
        reject = refuse;
      });
      const ifWaiting = (received: string, settlePromise: () => void) => {
        if (!process.isAlive || process.interrupt !== fail) return;
        wake(process, received);
        settlePromise();
      };
      const fail = (error: Error) => {
        ifWaiting(error.message, () => {
          reject(error);
        });
      };
      process.interrupt = fail;
      const answer = (value: T, received = '') => {
        ifWaiting(received, () => {
          resolve(value);
        });
      };
      return { promise, fail, answer };
    },
    kill(process) {
      process.isAlive = false;
    },
    cancel(process, reason) {
      process.controller.abort(reason);
      process.interrupt?.(reason);
    },
    note(line) {
      trace?.push(`${(now / 1000).toFixed(3).padStart(10)} s  ${line()}`);
    },
    async run(until) {
      for (let steps = 0; !until(); steps += 1) {
        if (steps > mostSteps) throw new Error('This schedule does not end.');
        const next = agenda.take(now);
        if (next === undefined) return;
        now = Math.max(now, next.at);
        next.pending.run();
        await settle();
      }
    },
  };
  return scheduler;
}

/** FNV-1a over UTF-16 units, folded into 52 bits by keeping two halves. */
export function mix(digest: number, text: string): number {
  let [low, high] = [digest & 0x3ffffff, Math.floor(digest / 0x4000000)];
  for (let index = 0; index < text.length; index += 1) {
    low = Math.imul(low ^ text.charCodeAt(index), 16_777_619) & 0x3ffffff;
    high = (Math.imul(high, 31) + text.charCodeAt(index) + (low >>> 13)) & 0x3ffffff;
  }
  return high * 0x4000000 + low;
}
