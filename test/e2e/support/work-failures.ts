import { atWork, hoursAhead, json, pageOf, refusal, throttled, type Failures } from './failures';

const nextYear = new Date(Date.now() + 365 * 86_400_000).toUTCString();
const federated = { connection: 'contoso-federated' };

/** What passes: the step does its work all the same. */
export const passing: Failures = {
  'two 503s': { arrange: atWork(refusal(503, 'ServiceUnavailable'), 2) },
  'a 500, once': { arrange: atWork(refusal(500, 'InternalServerError'), 1) },
  'a 429 that asks for a second': { arrange: atWork(throttled({ 'retry-after': '1' }), 1) },
  'a reset before the answer': { arrange: atWork('reset-before', 1) },
  'a reset after the work': { arrange: atWork('reset-after', 1) },
  'an answer cut in the middle, once': { arrange: atWork('truncate', 1) },
  'an answer that stalls in the middle, once': { arrange: atWork('stall', 1) },
  'a page instead of the answer, once': { arrange: atWork(pageOf(200), 1) },
  'a token that is refused in the middle': { arrange: atWork(refusal(401, 'Unauthorized'), 1) },
  'a clock an hour behind, with a client secret': {
    only: 'KeyVaultSecrets',
    arrange: () => undefined,
    with: hoursAhead(1),
  },
  'a clock an hour behind, with federation': { arrange: () => federated, with: hoursAhead(1) },
};

/** What does not pass, at the request that is the task's work. */
export const lasting: Failures = {
  '429 without Retry-After': { arrange: atWork(throttled()), code: 'AKV-THROTTLED', brief: true },
  '429 that asks for an hour': {
    arrange: atWork(throttled({ 'retry-after': '3600' })),
    code: 'AKV-THROTTLED',
    says: /Retry-After header \(3600\) is longer/,
  },
  '429 that asks for a date next year': {
    arrange: atWork(throttled({ 'retry-after': nextYear })),
    code: 'AKV-THROTTLED',
    says: new RegExp(`Retry-After header \\(${nextYear}\\)`),
  },
  '429 with an endless Retry-After': {
    arrange: atWork(throttled({ 'retry-after': '9'.repeat(30) })),
    code: 'AKV-THROTTLED',
    says: /Retry-After header \(9{30}\)/,
  },
  '503 that asks for a day': {
    arrange: atWork(refusal(503, 'ServiceUnavailable', { 'retry-after': '86400' })),
    code: 'AKV-SERVICE',
  },
  'HTTP 408': {
    arrange: atWork(refusal(408, 'RequestTimeout')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 408/,
  },
  'HTTP 425': {
    arrange: atWork(refusal(425, 'TooEarly')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 425/,
  },
  'HTTP 500': {
    arrange: atWork(refusal(500, 'InternalServerError')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 500/,
  },
  'HTTP 502 of a gateway, a page': {
    arrange: atWork(pageOf(502)),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 502/,
  },
  'HTTP 503': {
    arrange: atWork(refusal(503, 'ServiceUnavailable')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 503/,
  },
  'HTTP 504': {
    arrange: atWork(refusal(504, 'GatewayTimeout')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 504/,
  },
  'HTTP 418': { arrange: atWork(refusal(418, 'Teapot')), code: 'AKV-UNEXPECTED', says: /HTTP 418 Teapot/ },
  'resets before the answer': { arrange: atWork('reset-before'), code: 'AKV-NETWORK', brief: true },
  'resets after the work': {
    arrange: atWork('reset-after'),
    code: 'AKV-NETWORK',
    brief: true,
  },
  'answers cut in the middle': { arrange: atWork('truncate'), code: 'AKV-NETWORK', brief: true },
  'no answer at all': {
    arrange: atWork('hang'),
    code: 'AKV-TIMEOUT',
    brief: true,
    says: /\S+ had not answered for \d+ s\./,
  },
  'answers that stall in the middle': {
    arrange: atWork('stall'),
    code: 'AKV-TIMEOUT',
    brief: true,
    says: /\S+ had not answered for \d+ s\./,
  },
  'an answer that comes too late': {
    arrange: atWork({ delayMs: 12_000 }),
    code: 'AKV-TIMEOUT',
    brief: true,
    says: /had not answered/,
  },
  'a page with 200 (captive portal)': {
    arrange: atWork(pageOf(200)),
    code: 'AKV-NETWORK',
    brief: true,
    says: /not JSON \(text\/html\)/,
  },
  'an empty 200': { arrange: atWork({ status: 200 }), code: 'AKV-NETWORK', brief: true, says: /not JSON \(empty\)/ },
  'a 200 with JSON of another kind': {
    arrange: atWork({ status: 200, headers: json, body: '["not-a-real-answer"]' }),
    code: 'AKV-NETWORK',
    brief: true,
  },
  'a 200 with an empty object': {
    arrange: atWork({ status: 200, headers: json, body: '{}' }),
    code: 'AKV-UNEXPECTED-ANSWER',
    says: /answered HTTP 200 with unexpected JSON: '(id|value)' is missing/,
  },
  'a page with 403 (blocked by a proxy)': {
    arrange: atWork(pageOf(403)),
    code: 'AKV-INTERCEPTED',
    says: /something other than Azure/,
  },
  'a page with 404': { arrange: atWork(pageOf(404)), code: 'AKV-INTERCEPTED' },
  'a redirect': {
    arrange: atWork({ status: 302, headers: { location: 'https://evil.example/' } }),
    code: 'AKV-INTERCEPTED',
    says: /redirect, which was not followed/,
  },
  'a token that is always refused': { arrange: atWork(refusal(401, 'Unauthorized')), code: 'AKV-UNAUTHORIZED' },
};
