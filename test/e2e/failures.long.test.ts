import { shortLimit, type Failure, type Failures } from './support/failures';
import { firewallFailures } from './support/firewall-failures';
import { assertDone, assertFailed, seedVault, runStep, type Task } from './support/one-step';
import { refusals } from './support/refusals';
import { describeScenarios, type Scenarios } from './support/scenarios';
import { signingIn } from './support/sign-in-failures';
import { unexpectedAnswers } from './support/unexpected-answers';
import { lasting, passing } from './support/work-failures';

/** The scenarios of a table: one for each failure and task that can meet it. */
function scenariosOf(failures: Failures): Scenarios {
  return Object.fromEntries(
    Object.entries(failures).flatMap(([name, failure]) =>
      (['KeyVaultSecrets', 'KeyVaultAgentAccess'] as const)
        .filter((task) => failure.only === undefined || failure.only === task)
        .map((task) => [titleOf(name, failure, task), scenarioOf(failure, task)]),
    ),
  );
}

function titleOf(name: string, { code }: Failure, task: Task): string {
  return `${name} × ${task} → ${code ?? 'does its work'}`;
}

function scenarioOf(
  { arrange, brief = false, code, says, with: options = {} }: Failure,
  task: Task,
): Scenarios[string] {
  return {
    with: options,
    run: async (testBed) => {
      seedVault(testBed, task);
      const given = (await arrange(testBed, task)) ?? {};
      if (code === undefined) {
        assertDone(testBed, task, await runStep(testBed, task, given));
      } else {
        assertFailed(
          testBed,
          await runStep(testBed, task, brief ? { ...given, inputs: shortLimit } : given),
          code,
          says,
        );
      }
    },
  };
}

describeScenarios('Failures', {
  ...scenariosOf(passing),
  ...scenariosOf(lasting),
  ...scenariosOf(unexpectedAnswers),
  ...scenariosOf(firewallFailures),
  ...scenariosOf(signingIn),
  ...scenariosOf(refusals),
});
