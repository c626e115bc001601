import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { addVault, connectionsNamed, hold, readExample } from './support/played-example';
import { describeScenarios, type Stage } from './support/scenarios';
import { assertSucceeded } from './support/secrets-step';
import { serveJobs } from './support/server-part';
import { withStandIns } from './support/stand-ins';
import { rulesOf } from './support/vault-sights';

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
async function runAsDocumented(stage: Stage, { pipeline }: Documented): Promise<void> {
  const { networkAcls } = (stage.azure.vaultResource(stage.contoso.vault) as { properties: Record<string, unknown> })
    .properties;
  addVault(stage, 'shared-kv', {}, { networkAcls });
  hold(stage, { 'db-password': 'not-a-real-password-1', 'nuget-token': 'not-a-real-token-2' });
  const before = stage.vaultJson();
  const seen = new Set<string>();
  const [job] = serveJobs(pipeline, (name) => readExample(name.replace('.yml@templates', '')));
  await withStandIns(['deploy.sh', 'az'], async ({ options }) => {
    const outcome = await stage.run(job!.pipeline, {
      ...options,
      serviceConnections: connectionsNamed(stage, 'my-connection', 'my-firewall-connection'),
      onLine: (line) => {
        if (line.includes('Starting: ')) rulesOf(stage).forEach((rule) => seen.add(rule));
      },
    });
    assertSucceeded(outcome);
  });
  const [, range = '20.50.1.10/32'] = /ipAddresses: (\S+)/.exec(pipeline) ?? [];
  assert.deepEqual([...seen], pipeline.includes('action: sweep') ? [] : [range]);
  assert.equal(stage.vaultJson(), before);
}

for (const page of ['docs/key-vault-agent-access.md', 'docs/administration.md']) {
  const documented = pipelinesOf(page);
  describeScenarios(
    `The page ${page}`,
    Object.fromEntries(
      documented.map((one, index) => [
        `is right about pipeline ${index + 1}, under '${one.heading}'`,
        (stage: Stage) => runAsDocumented(stage, one),
      ]),
    ),
  );
}
