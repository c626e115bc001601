import assert from 'node:assert/strict';
import { layOut, layOutMarkdown } from '../../../../tasks/shared/report/table';

describe('tables', () => {
  it('fit 80 columns with names of ordinary length', () => {
    const rows = [
      ['secret', 'version', 'variable', 'expires', 'notes'],
      ['kv:payment-api-key', 'c0ffee00', 'PAYMENT_API_KEY', '2027-01-15', ''],
      ['kv:newrelic-license-prod', 'c0ffee00', 'NEW_RELIC_LICENSE_KEY_PR', '2027-01-15', ''],
    ];
    for (const line of layOut(rows)) assert.ok(line.length <= 80, `${line.length}: ${line}`);
  });

  it('never cut off a long name and keep the other lines narrow', () => {
    const long = 'x'.repeat(60);
    assert.deepEqual(
      layOut([
        ['secret', 'variable'],
        [long, 'A'],
        ['b', 'B'],
      ]),
      [`secret${' '.repeat(20)}variable`, `${'-'.repeat(24)}  --------`, `${long}  A`, `b${' '.repeat(25)}B`],
    );
  });

  it('in Markdown escape all cells', () => {
    assert.equal(
      layOutMarkdown([['a'], ['x|y\n## <script> [l](u) &lt;']]),
      '| a |\n| --- |\n| x\\|y \\#\\# &lt;script> \\[l\\]\\(u\\) &amp;lt; |',
    );
  });
});
