import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { explain } from '../../shared/errors/explain';
import type { FailureContext } from '../../shared/errors/explanation';
import { answerError, jsonOf, readFault } from '../../shared/errors/fault';
import { parseRetryAfter } from '../../shared/http/retry-delay';
import type { VaultReading, VaultResource, WriteOutcome } from '../ports/vault';

/** The vault in an answer, and the time of its `Date` header (RFC 9110 §6.6.1): the agent's clock may be wrong. */
export function readingOf(response: PipelineResponse): VaultReading {
  return { resource: jsonOf(response) as VaultResource, time: Date.parse(response.headers.get('Date') ?? '') };
}

/** After a 404 the vault is read again, which tells whether it is gone. */
const repeatable = new Set([404, 408, 409, 412, 425, 429, 500, 502, 503, 504]);
/** Of the 409s, those that no new attempt gets past. */
const finalConflicts = new Set(['ScopeLocked', 'AmbiguousPolicyEvaluationPaths']);

/** What the answer to a PATCH means. */
export function toOutcome(response: PipelineResponse, context: FailureContext): WriteOutcome {
  if (response.status === 200 || response.status === 201) {
    return { kind: 'written', ...readingOf(response) };
  }
  const error = answerError(response);
  const { diagnosis } = explain(error, context);
  const { code } = readFault(error);
  if (repeatable.has(response.status) && !finalConflicts.has(code)) {
    const waitFor = parseRetryAfter(response.headers.get('Retry-After'), Date.now());
    return {
      kind: 'uncertain',
      reason: `HTTP ${response.status} ${code}`,
      diagnosis,
      ...(waitFor === undefined ? {} : { waitFor }),
    };
  }
  return { kind: 'refused', diagnosis, tagsRefused: concernsTags(code, response) };
}

interface PolicyViolations {
  readonly error?: {
    readonly additionalInfo?: readonly {
      readonly info?: {
        readonly evaluationDetails?: { readonly evaluatedExpressions?: readonly { readonly path?: unknown }[] };
      };
    }[];
  };
}

/**
 * Whether a change was refused because of its tags: a policy names the paths it has judged (learn.microsoft.com,
 * "Resolve errors for request disallowed by policy"). One that names none may have judged the tags.
 */
function concernsTags(code: string, response: PipelineResponse): boolean {
  if (code !== 'RequestDisallowedByPolicy') {
    return /^InvalidTag/i.test(code);
  }
  const { error } = (jsonOf(response) ?? {}) as PolicyViolations;
  const paths = (error?.additionalInfo ?? [])
    .flatMap(({ info }) => info?.evaluationDetails?.evaluatedExpressions ?? [])
    .map(({ path }) => String(path));
  return paths.length === 0 || paths.some((path) => /^tags\b/i.test(path));
}
