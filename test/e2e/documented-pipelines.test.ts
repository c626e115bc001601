import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { addVault, connectionsNamed, addSecrets, readExample } from './support/example-run';
import { describeScenarios, type TestBed } from './support/scenarios';
import { assertSucceeded } from './support/secrets-step';
import { expandJobs } from './support/expand-pipeline';
import { withFakePrograms } from './support/fake-programs';
import { rulesOf } from './support/vault-state';

interface Documented {
  readonly heading: string;
  readonly pipeline: string;
}

/** The pipelines of a page, but for its Syntax block, with the headings under which they are. */
function pipelinesOf(page: string): readonly Documented[] {
  const sections = readFileSync(page, 'utf8').split(/^#{2,} /m);
  return sections.flatMap((section) => {
    const [heading = ''] = section.split('\n');
    if (heading === 'Syntax') return [];
    return [...section.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, pipeline = '']) => ({ heading, pipeline }));
  });
}

/** Runs it just as it is on the page. The vaults have to be as before afterwards, and open for the agent meanwhile. */
async function runAsDocumented(testBed: TestBed, { pipeline }: Documented): Promise<void> {
  const { networkAcls } = (
    testBed.azure.vaultResource(testBed.contoso.vault) as { properties: Record<string, unknown> }
  ).properties;
  addVault(testBed, 'shared-kv', {}, { networkAcls });
  addSecrets(testBed, { 'db-password': 'not-a-real-password-1', 'nuget-token': 'not-a-real-token-2' });
  const before = testBed.vaultJson();
  const seen = new Set<string>();
  const [job] = expandJobs(pipeline, (name) => readExample(name.replace('.yml@templates', '')));
  await withFakePrograms(['deploy.sh', 'az'], async ({ options }) => {
    const outcome = await testBed.run(job!.pipeline, {
      ...options,
      serviceConnections: connectionsNamed(testBed, 'my-connection', 'my-firewall-connection'),
      onLine: (line) => {
        if (line.includes('Starting: ')) rulesOf(testBed).forEach((rule) => seen.add(rule));
      },
    });
    assertSucceeded(outcome);
  });
  const [, range = '20.50.1.10/32'] = /ipAddresses: (\S+)/.exec(pipeline) ?? [];
  assert.deepEqual([...seen], /action: (check|sweep)/.test(pipeline) ? [] : [range]);
  assert.equal(testBed.vaultJson(), before);
}

for (const page of ['docs/key-vault-agent-access.md', 'docs/administration.md']) {
  const documented = pipelinesOf(page);
  describeScenarios(
    `The page ${page}`,
    Object.fromEntries(
      documented.map((one, index) => [
        `is right about pipeline ${index + 1}, under '${one.heading}'`,
        (testBed: TestBed) => runAsDocumented(testBed, one),
      ]),
    ),
  );
}
