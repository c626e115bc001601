import { json, onRequests, pageOf, refusal, throttled, type Failure, type Failures } from './failures';
import type { FaultEffect } from '../../../simulation/azure/http/faults';
import type { SimulatedRequest } from '../../../simulation/azure/http/exchange';

/* Failures of KeyVaultAgentAccess alone, after it has read the vault: of the health check, the change, and the access checks. */

const only = 'KeyVaultAgentAccess';
const unauthorized = refusal(401, 'Unauthorized');
const brief = true;

const isHealthCheck = ({ service, path }: SimulatedRequest) => service === 'vault' && path === '/healthstatus';
const isChange = ({ service, method }: SimulatedRequest) => service === 'arm' && method === 'PATCH';
const isAccessCheck = ({ service, headers }: SimulatedRequest) => service === 'vault' && 'authorization' in headers;

/** The task succeeds although such requests (the first `times` of them, or all) get this answer. */
function passes(when: typeof isHealthCheck, then: FaultEffect, times?: number): Failure {
  return { only, arrange: onRequests(when, then, times === undefined ? {} : { times }) };
}

/** All such requests get this answer, and the task fails. */
function fails(when: typeof isHealthCheck, then: FaultEffect, code: string, says?: RegExp): Failure {
  return { only, brief, arrange: onRequests(when, then), code, ...(says === undefined ? {} : { says }) };
}

/** None of these answers says that a rule cannot help: the task keeps checking, and reports the answer. */
const keepsChecking = (then: FaultEffect, says: RegExp) => fails(isAccessCheck, then, 'AKV-TIMEOUT', says);

export const firewallFailures: Failures = {
  'a health check that gets HTTP 503 every time': passes(isHealthCheck, refusal(503, 'x')),
  'a health check that is reset every time': fails(isHealthCheck, 'reset-before', 'AKV-NETWORK', /ECONNRESET/),
  'a health check without an answer': fails(
    isHealthCheck,
    'hang',
    'AKV-TIMEOUT',
    /contoso-kv\.vault\.azure\.net had not answered/,
  ),

  'a change that gets HTTP 500, once': passes(isChange, refusal(500, 'InternalServerError'), 1),
  'a change that gets a conflict, three times': passes(isChange, refusal(409, 'ConflictError'), 3),
  'a change whose answers are all lost': passes(isChange, 'reset-after'),
  'a change whose answers are all cut': passes(isChange, 'truncate'),
  'a change that gets HTTP 500 every time': fails(isChange, refusal(500, 'x'), 'AKV-SERVICE', /HTTP 500/),
  'a change that gets a page with 502 every time': fails(isChange, pageOf(502), 'AKV-SERVICE', /HTTP 502/),
  'a change that gets HTTP 503 every time': fails(isChange, refusal(503, 'x'), 'AKV-SERVICE', /HTTP 503/),
  'a change that gets a conflict every time': fails(
    isChange,
    refusal(409, 'ConflictError'),
    'AKV-ARM-CONFLICT',
    /Others kept changing 'contoso-kv'[^]*Azure said: .*The service said ConflictError/,
  ),
  'a change that gets HTTP 412 every time': fails(isChange, refusal(412, 'PreconditionFailed'), 'AKV-ARM-CONFLICT'),
  'a change that is throttled every time': fails(isChange, throttled(), 'AKV-THROTTLED', /management\.azure\.com/),
  'a change that is throttled for an hour': {
    only,
    arrange: onRequests(isChange, throttled({ 'retry-after': '3600' })),
    code: 'AKV-THROTTLED',
    says: /Retry-After header \(3600\)/,
  },
  'a change that is reset every time': fails(isChange, 'reset-before', 'AKV-NETWORK', /management\.azure\.com/),
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

  'an access check that is throttled': passes(isAccessCheck, throttled()),
  'two access checks that get HTTP 500': passes(isAccessCheck, refusal(500, 'InternalServerError'), 2),
  'access checks that get HTTP 408': keepsChecking(refusal(408, 'x'), /contoso-kv gave no clear answer: HTTP 408/),
  'access checks that get HTTP 425': keepsChecking(refusal(425, 'x'), /gave no clear answer: HTTP 425/),
  'access checks that get HTTP 500': keepsChecking(refusal(500, 'x'), /gave no clear answer: HTTP 500/),
  'access checks that get a page with 502': keepsChecking(pageOf(502), /gave no clear answer: HTTP 502/),
  'access checks that get HTTP 503': keepsChecking(refusal(503, 'x'), /gave no clear answer: HTTP 503/),
  'access checks that get HTTP 504': keepsChecking(refusal(504, 'x'), /gave no clear answer: HTTP 504/),
  'access checks that get a page with 200': keepsChecking(
    pageOf(200),
    /no clear answer: HTTP 200 with a body that is not JSON/,
  ),
  'access checks that get a page with 403 from a proxy': keepsChecking(
    pageOf(403),
    /no clear answer: HTTP 403 with a body that is not/,
  ),
  'access checks that are reset': keepsChecking('reset-before', /contoso-kv gave no clear answer: read ECONNRESET/),
  'access checks without an answer': keepsChecking('hang', /contoso-kv\.vault\.azure\.net had not answered for \d+ s/),
  'access checks whose answers stall in the middle': keepsChecking(
    'stall',
    /vault\.azure\.net had not answered for \d+ s/,
  ),
  'access checks whose answers come too late': keepsChecking(
    { delayMs: 12_000 },
    /vault\.azure\.net had not answered for \d+ s/,
  ),
  'access checks whose token is always refused': fails(
    isAccessCheck,
    unauthorized,
    'AKV-UNAUTHORIZED',
    /'contoso-kv' did not accept/,
  ),
};
