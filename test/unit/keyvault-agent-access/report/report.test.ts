import assert from 'node:assert/strict';
import {
  logReport,
  markdownOf,
  throwFailures,
  type Report,
} from '../../../../tasks/keyvault-agent-access/report/report';
import { workOnEach, type Row } from '../../../../tasks/keyvault-agent-access/report/work-on-each';
import { DiagnosedError, type Diagnosis } from '../../../../tasks/shared/errors/diagnosis';
import { fakeLog } from '../fake-ports';

const locked: Diagnosis = { code: 'AKV-ARM-LOCK', summary: 'A lock | prevents it.', remedy: ['Remove the lock.'] };
const done: Row = { name: 'shop-kv', cells: ['removed 20.1.2.3/32'] };
const failed: Row = { name: 'bank-kv', cells: [], failure: locked };
const reportOf = (...rows: readonly Row[]): Report => ({
  ...{ title: 'Key Vault sweep', columns: ['result'], rows, outcome: '2 swept.' },
});

describe('a report of several vaults', () => {
  it('shows all of them in a table, and what failed in warnings', () => {
    const log = fakeLog();
    logReport(reportOf(done, failed), log);
    assert.deepEqual(log.lines.slice(0, 4), [
      'vault    result',
      '-------  --------------------',
      'shop-kv  removed 20.1.2.3/32',
      'bank-kv  failed: AKV-ARM-LOCK',
    ]);
    assert.match(log.lines[4]!, /^warning: AKV-ARM-LOCK: A lock \| prevents it\.\nTo fix it: Remove the lock\./);
  });

  it('is a page of Markdown with escaped cells', () => {
    const page = markdownOf(reportOf(done, failed));
    assert.match(page, /^### Key Vault sweep\n\n2 swept\.\n\n\| vault \| result \|/);
    assert.match(page, /\| bank-kv \| AKV-ARM-LOCK: A lock \\\| prevents it\. \|/);
    assert.doesNotMatch(markdownOf(reportOf(done)), /problem/);
  });

  it('ends in one failure that counts and names them', () => {
    assert.throws(() => {
      throwFailures(reportOf(done, failed));
    }, /AKV-VAULTS: Key Vault sweep: 1 of 2 failed: bank-kv \(AKV-ARM-LOCK\)\./);
    throwFailures(reportOf(done));
  });

  it('of one vault ends in the failure itself, and warns of nothing', () => {
    const log = fakeLog();
    logReport(reportOf(failed), log);
    assert.ok(log.lines.every((line) => !line.startsWith('warning')));
    assert.throws(() => {
      throwFailures(reportOf(failed));
    }, /^DiagnosedError: AKV-ARM-LOCK/);
  });
});

describe('work on each vault', () => {
  const { signal } = new AbortController();

  it('continues with the others if one fails', async () => {
    const fail = () => Promise.reject(new DiagnosedError(locked));
    const rows = await workOnEach(
      [
        { name: 'bank-kv', work: fail },
        { name: 'shop-kv', work: () => Promise.resolve(done.cells) },
      ],
      signal,
    );
    assert.deepEqual(rows, [failed, done]);
  });

  it('runs for at most eight at the same time', async () => {
    let [running, most] = [0, 0];
    const work = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return [];
    };
    await workOnEach(
      Array.from({ length: 30 }, (_, index) => ({ name: `kv-${index}`, work })),
      signal,
    );
    assert.equal(most, 8);
  });

  it('stops with the step', async () => {
    const controller = new AbortController();
    const reason = new Error('canceled');
    let begun = 0;
    const work = () => {
      begun += 1;
      controller.abort(reason);
      return Promise.reject(new Error('aborted'));
    };
    const targets = Array.from({ length: 30 }, (_, index) => ({ name: `kv-${index}`, work }));
    await assert.rejects(workOnEach(targets, controller.signal), reason);
    assert.equal(begun, 1);
  });
});
