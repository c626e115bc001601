import assert from 'node:assert/strict';
import { parseCondition } from './condition';
import type { TaskResult } from '../job-result';

function evaluate(text: string, jobStatus: TaskResult = 'Succeeded'): boolean {
  const values: Record<string, string> = { env: 'Prod', 'a.b': "it's", flag: 'True' };
  return parseCondition(text)({ jobStatus, variable: (name) => values[name] });
}

describe('conditions of the local agent', () => {
  const statuses: readonly TaskResult[] = ['Succeeded', 'SucceededWithIssues', 'Failed', 'Canceled'];
  const functions: readonly [text: string, holds: readonly boolean[]][] = [
    ['always()', [true, true, true, true]],
    ['succeeded()', [true, true, false, false]],
    ['failed()', [false, false, true, false]],
    ['succeededOrFailed()', [true, true, true, false]],
    ['canceled()', [false, false, false, true]],
  ];
  for (const [text, holds] of functions) {
    it(`knows when ${text} holds`, () => {
      assert.deepEqual(
        statuses.map((status) => evaluate(text, status)),
        holds,
      );
    });
  }

  const expressions: readonly [text: string, holds: boolean][] = [
    ["eq(variables['env'], 'prod')", true],
    ["eq(variables.env, 'test')", false],
    ["ne(variables['unknown'], '')", false],
    ["eq(variables['a.b'], 'it''s')", true],
    ['eq(variables.flag, true)', true],
    ["and(succeeded(), eq(variables['env'], 'test'))", false],
    ["or(failed(), eq( variables [ 'env' ] ,'PROD'))", true],
    ['not(failed())', true],
    ["NOT(or(Failed(), eq('a', 'b'), canceled()))", true],
    ['eq(1, 1)', true],
  ];
  for (const [text, holds] of expressions) {
    it(`finds ${text} ${holds}`, () => {
      assert.equal(evaluate(text), holds);
    });
  }

  const mistakes: readonly [text: string, message: RegExp][] = [
    ['startsWith(variables.env, 1)', /there is no function 'startsWith' here/],
    ['and(succeeded())', /'and' has the wrong number of arguments/],
    ['eq(1, 2', /it ends too early|'\)' is missing/],
    ["eq(variables.env 'x')", /'\)' is missing after the arguments of 'eq'/],
    ['succeeded() x', /'x' is unexpected/],
    ["eq(a, 'b')", /'a' is not understood/],
    ['$(x)', /'\$\(x\)' is not understood/],
    ['', /it ends too early/],
  ];
  for (const [text, message] of mistakes) {
    it(`refuses '${text}' and says why`, () => {
      assert.throws(() => evaluate(text), message);
    });
  }
});
