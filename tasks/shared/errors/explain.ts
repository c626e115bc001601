import { DiagnosedError, type Diagnosis } from './diagnosis';
import { explainManagedIdentity } from './explain-managed-identity';
import { explainArm } from './explain-arm';
import { explainNetwork } from './explain-network';
import { explainSignIn } from './explain-sign-in';
import { explainTls } from './explain-tls';
import { explainVault } from './explain-vault';
import type { Explanation, FailureContext } from './explanation';
import { readFault, type Fault } from './fault';
import { quoteAzure } from './quote';

/**
 * Most specific first: a managed identity has its own servers, a sign-in fault an AADSTS number, a network fault no
 * status.
 */
const explanations: readonly Explanation[] = [
  explainManagedIdentity,
  explainSignIn,
  explainVault,
  explainArm,
  explainTls,
  explainNetwork,
];

/**
 * The catalog of failures: every error becomes a {@link DiagnosedError}. An error that already has a diagnosis stays
 * unchanged. An unknown error keeps its own message with AKV-UNEXPECTED. Azure's messages are always quoted.
 */
export function explain(error: unknown, context: FailureContext = {}): DiagnosedError {
  if (error instanceof DiagnosedError) {
    return error;
  }
  const fault = readFault(error);
  const diagnosis = diagnose(fault, context) ?? unexpected(fault);
  const said = quoteAzure(fault, context);
  const { requestId } = fault;
  return new DiagnosedError(
    { ...diagnosis, ...(said === undefined ? {} : { said }), ...(requestId === undefined ? {} : { requestId }) },
    { cause: error },
  );
}

function diagnose(fault: Fault, context: FailureContext): Diagnosis | undefined {
  for (const explanation of explanations) {
    const diagnosis = explanation(fault, context);
    if (diagnosis !== undefined) {
      return diagnosis;
    }
  }
  return undefined;
}

function unexpected({ code, host, message, said, status }: Fault): Diagnosis {
  const what = [status === undefined ? '' : `HTTP ${status}`, code || 'error'].filter(Boolean).join(' ');
  const summary = `Unexpected ${what}${host === undefined ? '' : ` from ${host}`}`;
  return {
    code: 'AKV-UNEXPECTED',
    summary: said === undefined ? `${summary}: ${message}` : `${summary}.`,
    remedy: ['Run again with the variable System.Debug set to true, and report the log if it happens again.'],
  };
}
