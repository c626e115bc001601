import type { Agenda, Pending, Step } from './agenda';

/** Steps whose order other jobs can detect. All others happen as soon as possible: their order makes no difference. */
const sharedSteps: ReadonlySet<Step> = new Set<Step>(['starts', 'reads', 'begins to write', 'commits']);

interface Choices {
  /** Returns a number below `count`. */
  readonly choose: (count: number) => number;
  /** How often a step can still be delayed while time passes. */
  readonly budget: { delays: number };
  /** What may happen to jobs from outside at this point. */
  readonly jobFaults: () => readonly (() => void)[];
}

/** An agenda that leaves every decision to `choices`; with all sequences of choices it makes all schedules. */
interface ChoosingAgenda extends Agenda {
  /** The pending events, as text: a part of the state of the world. */
  describe(): string;
}

export function choosingAgenda({ choose, budget, jobFaults }: Choices): ChoosingAgenda {
  let waiting: Pending[] = [];
  const takeOut = (pending: Pending, at: number) => {
    waiting = waiting.filter((other) => other !== pending);
    return { pending, at };
  };
  return {
    add: (pending) => waiting.push(pending),
    describe: () =>
      waiting
        .map(({ owner, step, earliest, latest, detail }) => [owner, step, earliest, latest, detail].join())
        .join(';'),
    take(now) {
      waiting = waiting.filter(({ isCanceled }) => !isCanceled);
      for (let at = now; ;) {
        const local = waiting.find(({ step, latest }) => !sharedSteps.has(step) && latest <= at);
        if (local !== undefined) return takeOut(local, at);
        const shared = waiting.filter(({ step, earliest }) => sharedSteps.has(step) && earliest <= at);
        const next = Math.min(...waiting.map(({ latest }) => latest).filter((latest) => latest > at));
        const holdsBack = shared.some(({ step }) => step !== 'starts');
        const mayAdvance =
          Number.isFinite(next) && shared.every(({ latest }) => latest > at) && (!holdsBack || budget.delays > 0);
        const outside = shared.length > 0 ? jobFaults() : [];
        const count = shared.length + outside.length + (mayAdvance ? 1 : 0);
        if (count === 0) return undefined;
        const choice = count === 1 ? 0 : choose(count);
        const chosen = shared[choice];
        if (chosen !== undefined) return takeOut(chosen, at);
        const jobFault = outside[choice - shared.length];
        if (jobFault !== undefined) return { pending: happening(jobFault, at), at };
        if (holdsBack) budget.delays -= 1;
        at = next;
      }
    },
  };
}

function happening(run: () => void, at: number): Pending {
  return { owner: 'agent', step: 'is killed', earliest: at, latest: at, run, detail: '', isCanceled: false };
}
