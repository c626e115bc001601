import assert from 'node:assert/strict';
import { DiagnosedError, failInput, renderDiagnosis } from '../../../../tasks/shared/errors/diagnosis';

const firewall = {
  code: 'AKV-FIREWALL' as const,
  summary: "The firewall of 'contoso-kv' does not allow this agent.",
  cause: 'It is closed.',
  remedy: ['Open it, or', 'do without.'],
  requestId: 'request-1',
};
const more = 'AKV-FIREWALL in docs/troubleshooting.md';

describe('renderDiagnosis', () => {
  it('says what happened, why, how to fix it, where to read more, and what support asks for', () => {
    assert.deepEqual(renderDiagnosis(firewall).split('\n'), [
      "AKV-FIREWALL: The firewall of 'contoso-kv' does not allow this agent.",
      'Likely cause: It is closed.',
      'To fix it: Open it, or',
      '           do without.',
      `More: ${more}`,
      'Request id: request-1',
    ]);
  });

  it('links to the page once the project has a home', () => {
    const url = 'https://project.example/docs/troubleshooting.md';
    assert.match(
      renderDiagnosis(firewall, url),
      /^More: https:\/\/project\.example\/docs\/troubleshooting\.md#akv-firewall$/m,
    );
  });

  it('leaves out what is not known', () => {
    const { code, summary } = firewall;
    assert.deepEqual(renderDiagnosis({ code, summary, remedy: [] }).split('\n'), [
      `${code}: ${summary}`,
      `More: ${more}`,
    ]);
  });
});

describe('DiagnosedError', () => {
  it('contains the whole diagnosis in its message', () => {
    assert.equal(new DiagnosedError(firewall).message, renderDiagnosis(firewall));
  });
});

describe('failInput', () => {
  it('names the input and quotes what was wrong', () => {
    assert.throws(() => failInput('leaseMinutes', "'soon' is not a whole number.", 'Give minutes, e.g. 60.'), {
      message: /^AKV-INPUT: Input 'leaseMinutes': 'soon' is not a whole number\.\nTo fix it: Give minutes, e\.g\. 60\./,
    });
  });
});
