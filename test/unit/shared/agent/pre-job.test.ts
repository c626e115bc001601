import assert from 'node:assert/strict';
import { otherPhase } from '../../../../tasks/shared/agent/pre-job';

const inputs = (runAsPreJob: string) => ({ text: (name: string) => (name === 'runAsPreJob' ? runAsPreJob : '') });

describe('otherPhase', () => {
  for (const [text, turn] of [
    ['true', 'pre-job'],
    ['TRUE', 'pre-job'],
    ['false', 'main'],
    ['', 'main'],
  ] as const) {
    it(`gives the work to the ${turn} phase for '${text}', and skips the other with the reason`, () => {
      assert.equal(otherPhase(turn, inputs(text)), undefined);
      const skipped = otherPhase(turn === 'main' ? 'pre-job' : 'main', inputs(text));
      assert.equal(skipped?.result, 'skipped');
      assert.match(skipped.sentence, turn === 'main' ? /at its normal position/ : /before the job's first step/);
    });
  }

  it('refuses anything else in both phases', () => {
    for (const turn of ['pre-job', 'main'] as const) {
      assert.throws(() => otherPhase(turn, inputs('yes')), {
        message: /'runAsPreJob': 'yes' is not valid; allowed: true, false/,
      });
    }
  });
});
