import assert from 'node:assert/strict';
import { seededDraws } from '../seeded-random';
import { runProfileSchedule, type ProfileJob, type ProfileSchedule } from './profile-schedule';

const foreign = { office: ['198.51.100.0/24'], 'akv-office': ['20.8.0.1/32'] };

/** A few jobs, some behind one address, some of which die; lost answers; clocks that are hours off; slow vaults. */
function scheduleOf(seed: number, change: Partial<ProfileSchedule> = {}): ProfileSchedule {
  const draws = seededDraws(seed);
  const count = seed % 20 === 0 ? 30 : 2 + (seed % 4);
  const [lost, doomed, shared] = [draws.oneOf([0, 10, 30]), draws.oneOf([0, 10, 50]), draws.percent(50)];
  const frontEnds = draws.oneOf([1, 3]);
  const latest = draws.oneOf([0, 60_000, 840_000]);
  const jobs = Array.from({ length: count }, (_, index): ProfileJob => {
    const kind = draws.oneOf(['killed', 'canceled', 'lost'] as const);
    return {
      name: `job ${index}`,
      address: `20.0.0.${shared ? index % 2 : index}`,
      start: draws.between(0, draws.oneOf([0, 5_000, 600_000])),
      hold: draws.between(1_000, 600_000),
      skew: draws.oneOf([0, 0, -8, 8]) * 3_600_000,
      ...(draws.percent(doomed) ? { fault: { kind, call: draws.between(1, 20) } } : {}),
    };
  });
  return {
    ...{ jobs, foreign, draws, propagation: { frontEnds, delay: () => draws.between(0, latest) } },
    faults: {
      write: () => (draws.percent(lost) ? draws.oneOf(['lost answer', 'not taken'] as const) : 'answered'),
      frontEnd: () => draws.between(0, frontEnds - 1),
    },
    ...change,
  };
}

/** What 100 schedules break; each promise is checked after every change of the profile. */
async function explore(change: (schedule: ProfileSchedule) => Partial<ProfileSchedule> = () => ({})) {
  const violations: string[] = [];
  const states = new Map<string, number>();
  for (let seed = 1; seed <= 100; seed += 1) {
    const schedule = scheduleOf(seed);
    const { jobs, left, violation } = await runProfileSchedule({ ...schedule, ...change(schedule) });
    if (violation !== undefined) violations.push(`seed ${seed}: ${violation}`);
    for (const { state } of jobs) states.set(state, (states.get(state) ?? 0) + 1);
    const mayLeave = jobs.some(({ plan }) => plan.fault !== undefined);
    if (left.length > 0 && !mayLeave) violations.push(`seed ${seed}: ${left.join()} is left`);
  }
  return { violations, states };
}

describe('jobs on one profile of a network security perimeter, in 100 random schedules', () => {
  it("keep their rules, leave nothing, and never touch anyone else's", async () => {
    const { violations, states } = await explore();
    assert.deepEqual(violations, []);
    assert.ok((states.get('closed') ?? 0) > 250 && (states.get('lost') ?? 0) > 5, JSON.stringify([...states]));
  });

  it('finds a violation when jobs sweep by the clock of the agent', async () => {
    const { violations } = await explore(({ jobs }) => ({ sweepsByAgentClock: true, jobs }));
    assert.ok(
      violations.some((violation) => violation.includes('is open, and its rule is gone')),
      violations.join('\n'),
    );
  });
});
