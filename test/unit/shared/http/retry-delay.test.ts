import assert from 'node:assert/strict';
import fc from 'fast-check';
import { brokenBodyCode, foreignAnswerCode } from '../../../../tasks/shared/errors/fault';
import { delayBeforeRetry, parseRetryAfter } from '../../../../tasks/shared/http/retry-delay';

const now = Date.parse('2026-03-01T12:00:00Z');
const least = () => 0;
const most = () => 0.999999;

describe('delayBeforeRetry', () => {
  for (const status of [408, 425, 429, 500, 502, 503, 504]) {
    it(`tries again after HTTP ${status}`, () => {
      assert.equal(delayBeforeRetry({ attempts: 1, status, now }, least), 250);
    });
  }

  for (const status of [200, 301, 302, 400, 401, 403, 404, 407, 409, 412, 501, 505]) {
    it(`does not try again after HTTP ${status}`, () => {
      assert.equal(delayBeforeRetry({ attempts: 1, status, now }, least), undefined);
    });
  }

  for (const errorCode of ['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EAI_AGAIN', 'EPIPE', brokenBodyCode]) {
    it(`tries again after ${errorCode}`, () => {
      assert.equal(delayBeforeRetry({ attempts: 1, errorCode, now }, least), 250);
    });
  }

  for (const errorCode of ['ENOTFOUND', 'PROXY_REFUSED', 'SELF_SIGNED_CERT_IN_CHAIN', foreignAnswerCode, '']) {
    it(`does not try again after ${errorCode || 'an error without a code'}`, () => {
      assert.equal(delayBeforeRetry({ attempts: 1, errorCode, now }, least), undefined);
    });
  }

  it('waits between a quarter and the whole of 1, 2, 4, 8, 16 and again 16 seconds', () => {
    const range = (attempts: number) =>
      [least, most].map((random) => Math.round(delayBeforeRetry({ attempts, status: 503, now }, random) ?? Number.NaN));
    assert.deepEqual([1, 2, 3, 4, 5, 6].map(range), [
      [250, 1000],
      [500, 2000],
      [1000, 4000],
      [2000, 8000],
      [4000, 16000],
      [4000, 16000],
    ]);
  });

  it('gives up after the seventh attempt, whatever the server asks for', () => {
    assert.equal(delayBeforeRetry({ attempts: 7, status: 503, now }, least), undefined);
    assert.equal(delayBeforeRetry({ attempts: 7, status: 429, retryAfter: '1', now }, least), undefined);
  });

  it('comes a quarter to half a second after the time that the server asks for, not all jobs at once', () => {
    const wait = (random: () => number) =>
      delayBeforeRetry({ attempts: 1, status: 429, retryAfter: '10', now }, random);
    assert.equal(wait(least), 10_250);
    assert.equal(Math.round(wait(most) ?? 0), 10_500);
  });

  it('does not retry immediately if a server allows it', () => {
    assert.equal(delayBeforeRetry({ attempts: 1, status: 429, retryAfter: '0', now }, least), 250);
  });

  it('never waits less than the server asks for', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (seconds, attempts, random) => {
          const wait = delayBeforeRetry({ attempts, status: 429, retryAfter: String(seconds), now }, () => random);
          assert.ok(wait !== undefined && wait >= seconds * 1000);
        },
      ),
    );
  });
});

describe('parseRetryAfter', () => {
  const cases: readonly (readonly [string, string | undefined, number | undefined])[] = [
    ['seconds', '120', 120_000],
    ['zero', '0', 0],
    ['space around it', ' 7 ', 7_000],
    ['a date to come', 'Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['a date in lower case', 'sun, 01 mar 2026 12:00:30 gmt', 30_000],
    ['a date that is past', 'Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['an absurd number', '9'.repeat(400), Number.POSITIVE_INFINITY],
    ['an absurd date', 'Fri, 31 Dec 9999 23:59:59 GMT', 253_402_300_799_000 - now],
    ['nothing', '', undefined],
    ['no header', undefined, undefined],
    ['a negative number', '-5', undefined],
    ['a fraction', '1.5', undefined],
    ['words', 'soon', undefined],
    ['a word and a number, which JavaScript takes for a date', 'foo 5', undefined],
    ['an ISO date, which is none of HTTP', '2026-03-01T12:00:30Z', undefined],
    ['an impossible date', 'Sun, 99 Foo 2026 12:00:30 GMT', undefined],
  ];
  for (const [what, header, milliseconds] of cases) {
    it(`reads ${what}`, () => {
      assert.equal(parseRetryAfter(header, now), milliseconds);
    });
  }
});
