import { DiagnosedError } from './diagnosis';
import { explainManagedIdentity } from './explain-managed-identity';
import { explainManager } from './explain-arm';
import { explainNetwork } from './explain-network';
import { explainSignIn } from './explain-sign-in';
import { explainTls } from './explain-tls';
import { explainVault } from './explain-vault';
import type { Explanation, FailureContext } from './explanation';
import { readFault, type Fault } from './fault';

/** Most specific first: a managed identity has its own servers, a sign-in fault an AADSTS number, a network fault no status. */
const explanations: readonly Explanation[] = [
  explainManagedIdentity,
  explainSignIn,
  explainVault,
  explainManager,
  explainTls,
  explainNetwork,
];

/**
 * The one catalogue of failures: every error becomes a {@link DiagnosedError}. One that is diagnosed already stays as
 * it is, and what nothing here knows keeps its own words under AKV-UNEXPECTED.
 */
export function explain(error: unknown, context: FailureContext = {}): DiagnosedError {
  if (error instanceof DiagnosedError) {
    return error;
  }
  const fault = readFault(error);
  for (const explanation of explanations) {
    const diagnosis = explanation(fault, context);
    if (diagnosis !== undefined) {
      const { requestId } = fault;
      return new DiagnosedError({ ...diagnosis, ...(requestId === undefined ? {} : { requestId }) }, { cause: error });
    }
  }
  return unexpected(fault, error);
}

function unexpected(fault: Fault, error: unknown): DiagnosedError {
  const where = fault.host === undefined ? '' : ` from ${fault.host}`;
  const status = fault.status === undefined ? '' : `HTTP ${fault.status} `;
  return new DiagnosedError(
    {
      code: 'AKV-UNEXPECTED',
      summary: `Unexpected ${status}${fault.code || 'error'}${where}: ${fault.message}`,
      remedy: ['Run again with the variable System.Debug set to true, and report the log if it happens again.'],
      ...(fault.requestId === undefined ? {} : { requestId: fault.requestId }),
    },
    { cause: error },
  );
}
