/** Gets the Azure CLI of the conformance suite ready; says why it could not be had, and then fails. */
import { obtainAzureCli } from './cli-install';

async function prepare(): Promise<void> {
  const problem = await obtainAzureCli();
  if (problem === undefined) return;
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

void prepare();
