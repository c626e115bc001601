/** `npm run live`: the tasks, and what they assume about Azure, against the real one. See docs/live-check.md. */
import { join } from 'node:path';
import { readAssumptions } from './assumptions';
import { createSend } from './azure';
import { checkArm } from './check-arm';
import { checkJobs } from './check-jobs';
import { checkDisabledAccess, checkVault } from './check-vault';
import { createVault } from './create-vault';
import { createFindings, type Findings } from './findings';
import { readOptions, type LiveOptions } from './options';
import { createRemoval, type Leftover, type Removal } from './removal';
import { isGood, toMarkdown, unverified, writeReport, type Report } from './report';
import { planSite } from './site';

const register = join(__dirname, '../../docs/azure-assumptions.md');

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printCommands(state: string, removal: Removal): void {
  for (const { what, command } of removal.pending()) print(`${state} ${what}. To remove it: ${command}`);
}

async function runLiveCheck(options: LiveOptions): Promise<boolean> {
  const findings = createFindings(print);
  const removal = createRemoval(print);
  const interruption = await carryOut(options, findings, removal);
  const report: Report = {
    date: new Date().toISOString(),
    subscription: options.subscription,
    location: options.location,
    interruption,
    findings: findings.all,
    measurements: findings.measurements,
    unverified: unverified(readAssumptions(register), findings.all),
    leftovers: options.keep ? [] : await removeAll(removal),
  };
  await writeReport(report, options.report);
  print(`\n${toMarkdown(report)}`);
  if (options.keep) printCommands('Kept', removal);
  print(`The report is in ${options.report}.`);
  return isGood(report);
}

/** Ctrl-C ends the checks, but not the removal. Returns the reason if the checks did not complete. */
async function carryOut(options: LiveOptions, findings: Findings, removal: Removal): Promise<string | undefined> {
  const stop = new AbortController();
  const onInterrupt = () => {
    print('Interrupted. What was created is removed now.');
    stop.abort(new Error('interrupted'));
  };
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  const { signal } = stop;
  const onLine = (line: string): void => {
    print(`    ${line}`);
  };
  try {
    const site = await planSite(
      options,
      { checks: createSend(signal), removal: createSend(new AbortController().signal) },
      removal,
    );
    print(`Creating the resource group ${site.group} with the vault ${site.vault}`);
    await createVault(site, signal);
    await checkArm(site, findings, signal);
    await checkVault(site, findings, signal);
    await checkJobs(site, findings, onLine, signal);
    await checkDisabledAccess(site, findings, signal);
    return undefined;
  } catch (error) {
    return signal.aborted ? 'interrupted' : (error as Error).message;
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

/** A second Ctrl-C also ends the removal, and prints what remains. */
async function removeAll(removal: Removal): Promise<readonly Leftover[]> {
  const onInterrupt = () => {
    printCommands('NOT removed:', removal);
    process.exit(1);
  };
  process.once('SIGINT', onInterrupt);
  const leftovers = await removal.run();
  process.off('SIGINT', onInterrupt);
  return leftovers;
}

async function main(): Promise<number> {
  try {
    return (await runLiveCheck(readOptions(process.argv.slice(2), process.env))) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 2;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
