import { json, onRequests, pageOf, refusal, throttled, type Failure, type Failures } from './failures';
import type { FaultEffect } from '../../../simulation/azure/http/faults';
import type { SimulatedRequest } from '../../../simulation/azure/http/exchange';

/* What KeyVaultAgentAccess alone meets, after it has read the vault: at its look, its change and its knocks. */

const only = 'KeyVaultAgentAccess';
const nobody = refusal(401, 'Unauthorized');
const brief = true;

const isLook = ({ service, path }: SimulatedRequest) => service === 'vault' && path === '/healthstatus';
const isChange = ({ service, method }: SimulatedRequest) => service === 'arm' && method === 'PATCH';
const isKnock = ({ service, headers }: SimulatedRequest) => service === 'vault' && 'authorization' in headers;

/** The task does its work although the first so many such requests, or all of them, meet this. */
function passes(when: typeof isLook, then: FaultEffect, times?: number): Failure {
  return { only, arrange: onRequests(when, then, times === undefined ? {} : { times }) };
}

/** All such requests meet this, and the task fails so. */
function fails(when: typeof isLook, then: FaultEffect, code: string, says?: RegExp): Failure {
  return { only, brief, arrange: onRequests(when, then), code, ...(says === undefined ? {} : { says }) };
}

/** Nothing that a knock meets but these says that no rule will ever help: it goes on knocking, and says what it gets. */
const knocking = (then: FaultEffect, says: RegExp) => fails(isKnock, then, 'AKV-TIMEOUT', says);

export const firewallFailures: Failures = {
  'a look that gets HTTP 503 for ever': passes(isLook, refusal(503, 'x')),
  'a look that is reset for ever': fails(isLook, 'reset-before', 'AKV-NETWORK', /ECONNRESET/),
  'a look without an answer': fails(isLook, 'hang', 'AKV-TIMEOUT', /contoso-kv\.vault\.azure\.net had not answered/),

  'a change that gets HTTP 500, once': passes(isChange, refusal(500, 'InternalServerError'), 1),
  'a change that gets a conflict, three times': passes(isChange, refusal(409, 'ConflictError'), 3),
  'a change whose answers are all lost': passes(isChange, 'reset-after'),
  'a change whose answers are all cut': passes(isChange, 'truncate'),
  'a change that gets HTTP 500 for ever': fails(isChange, refusal(500, 'x'), 'AKV-SERVICE', /HTTP 500/),
  'a change that gets a page with 502 for ever': fails(isChange, pageOf(502), 'AKV-SERVICE', /HTTP 502/),
  'a change that gets HTTP 503 for ever': fails(isChange, refusal(503, 'x'), 'AKV-SERVICE', /HTTP 503/),
  'a change that gets a conflict for ever': fails(
    isChange,
    refusal(409, 'ConflictError'),
    'AKV-ARM-CONFLICT',
    /Others kept changing 'contoso-kv'[^]*Azure said: .*The service said ConflictError/,
  ),
  'a change that gets HTTP 412 for ever': fails(isChange, refusal(412, 'PreconditionFailed'), 'AKV-ARM-CONFLICT'),
  'a change that is throttled for ever': fails(isChange, throttled(), 'AKV-THROTTLED', /management\.azure\.com/),
  'a change that is throttled for an hour': {
    only,
    arrange: onRequests(isChange, throttled({ 'retry-after': '3600' })),
    code: 'AKV-THROTTLED',
    says: /Retry-After header \(3600\)/,
  },
  'a change that is reset for ever': fails(isChange, 'reset-before', 'AKV-NETWORK', /management\.azure\.com/),
  'a change without an answer': fails(isChange, 'hang', 'AKV-TIMEOUT', /management\.azure\.com had not answered/),
  'a change whose answer stalls in the middle': passes(isChange, 'stall', 1),
  'a change that a proxy blocks with a page': fails(
    isChange,
    pageOf(403),
    'AKV-INTERCEPTED',
    /something other than Azure/,
  ),
  'a change that is answered by no vault': fails(
    isChange,
    { status: 200, headers: json, body: '{}' },
    'AKV-UNEXPECTED-ANSWER',
    /management\.azure\.com answered HTTP 200 .*'id' is missing/,
  ),

  'a knock that is throttled': passes(isKnock, throttled()),
  'two knocks that get HTTP 500': passes(isKnock, refusal(500, 'InternalServerError'), 2),
  'knocks that get HTTP 408': knocking(refusal(408, 'x'), /contoso-kv gave no clear answer: HTTP 408/),
  'knocks that get HTTP 425': knocking(refusal(425, 'x'), /gave no clear answer: HTTP 425/),
  'knocks that get HTTP 500': knocking(refusal(500, 'x'), /gave no clear answer: HTTP 500/),
  'knocks that get a page with 502': knocking(pageOf(502), /gave no clear answer: HTTP 502/),
  'knocks that get HTTP 503': knocking(refusal(503, 'x'), /gave no clear answer: HTTP 503/),
  'knocks that get HTTP 504': knocking(refusal(504, 'x'), /gave no clear answer: HTTP 504/),
  'knocks that get a page with 200': knocking(pageOf(200), /no clear answer: HTTP 200 with a body that is not JSON/),
  'knocks that a proxy blocks with a page': knocking(pageOf(403), /no clear answer: HTTP 403 with a body that is not/),
  'knocks that are reset': knocking('reset-before', /contoso-kv gave no clear answer: read ECONNRESET/),
  'knocks without an answer': knocking('hang', /contoso-kv\.vault\.azure\.net had not answered for \d+ s/),
  'knocks whose answers stall in the middle': knocking('stall', /vault\.azure\.net had not answered for \d+ s/),
  'knocks whose answers come too late': knocking({ delayMs: 12_000 }, /vault\.azure\.net had not answered for \d+ s/),
  'knocks whose token is refused for good': fails(isKnock, nobody, 'AKV-UNAUTHORIZED', /'contoso-kv' did not accept/),
};
