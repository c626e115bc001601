import assert from 'node:assert/strict';
import { parseCommand, type Command } from '../../../../simulation/agent/commands/command';
import { runStepProcess } from '../step-process';

/** What a step that runs these statements on the agent's ports prints, and the commands among it as an agent reads them. */
async function onAgent(statements: string, environment: Readonly<Record<string, string>> = {}) {
  const script = `const agent = require('./tasks/shared/agent/agent'); const say = (x) => agent.log.info(JSON.stringify(x));
    (async () => { ${statements} })();`;
  const { lines } = await runStepProcess(script, environment);
  const all = lines.flatMap((line) => parseCommand(line, true) ?? []);
  return {
    lines: lines.filter((line) => !line.startsWith('##vso[task.debug]')),
    commands: all.filter(({ event }) => event !== 'debug'),
    // The library says of itself what it has loaded.
    debug: all.filter(({ event }) => event === 'debug').map(({ data }) => data),
  };
}

/** The command as one text: event, properties, data. */
function describeCommand({ event, properties, data }: Command): string {
  const { variable, issecret, isoutput } = Object.fromEntries(
    [...properties].map(([key, value]) => [key.toLowerCase(), value]),
  );
  return [event, variable, issecret, isoutput, data].filter((part) => part !== undefined).join(' ');
}

const hostile = 'one ##vso[task.setvariable variable=x]y\n##[error]two';

describe('the ports on an agent', () => {
  it('print the log line by line, and let no text command the agent or forge its formats', async () => {
    const { lines, commands } = await onAgent(`
      agent.log.info(${JSON.stringify(hostile)});
      agent.log.warning(${JSON.stringify(hostile)});`);
    assert.deepEqual(lines.slice(0, 2), ['one # #vso[task.setvariable variable=x]y', '# #[error]two']);
    assert.deepEqual(commands.map(describeCommand), ['issue one # #vso[task.setvariable variable=x]y\n# #[error]two']);
  });

  it('show debug lines in runs with System.Debug only', async () => {
    const work = `agent.log.debug('details');`;
    const debugOf = async (debug: string) => (await onAgent(work, { SYSTEM_DEBUG: debug })).debug;
    assert.ok((await debugOf('true')).includes('details'));
    assert.ok(!(await debugOf('false')).includes('details'));
  });

  it('mask texts of several lines, and nothing for an empty one', async () => {
    const { commands } = await onAgent(`agent.variables.mask(['not-a-real\\r\\nsecret 100%', '']);`);
    assert.deepEqual(commands.map(describeCommand), ['setsecret not-a-real\r\nsecret 100%']);
  });

  it('mask many texts in few writes, none of which a kill could cut in the middle of a command', async () => {
    const { commands, lines } = await onAgent(`
      const texts = Array.from({ length: 1000 }, (_, index) => 'not-a-real-secret-é-' + index);
      const [write, written] = [process.stdout.write, []];
      process.stdout.write = (text) => written.push(text) > 0;
      agent.variables.mask([...texts, 'x'.repeat(9000)]);
      process.stdout.write = write;
      written.forEach((text) => process.stdout.write(text));
      say({
        writes: written.length,
        longest: Math.max(...written.slice(0, -1).map((text) => Buffer.byteLength(text))),
        areWhole: written.every((text) => text.startsWith('##vso[') && text.endsWith('\\n')),
      });`);
    assert.equal(commands.length, 1001);
    const { writes, longest, areWhole } = JSON.parse(lines.at(-1) ?? '') as Record<string, number | boolean>;
    assert.ok(Number(writes) < 20 && Number(longest) <= 4_096 && areWhole === true, lines.at(-1));
  });

  it('set a multi-line secret between switching the agent over and back', async () => {
    const { commands } = await onAgent(
      `agent.variables.set({ name: 'key', value: 'not-a-real\\nsecret', secret: true });`,
    );
    assert.deepEqual(commands.map(describeCommand), [
      'setvariable SYSTEM_UNSAFEALLOWMULTILINESECRET false false true',
      'setvariable key true false not-a-real\nsecret',
      'setvariable SYSTEM_UNSAFEALLOWMULTILINESECRET false false false',
    ]);
  });

  it('set an output variable as one', async () => {
    const { commands } = await onAgent(`agent.variables.setOutput({ name: 'ip', value: '20.1.2.3', secret: false });`);
    assert.deepEqual(commands.map(describeCommand), ['setvariable ip false true 20.1.2.3']);
  });

  it("list the job's variables without a value", async () => {
    const { lines } = await onAgent('say(agent.variables.list());', {
      VSTS_PUBLIC_VARIABLES: '["Build.BuildId"]',
      VSTS_SECRET_VARIABLES: '["token"]',
      BUILD_BUILDID: '7',
      SECRET_TOKEN: 'not-a-real-token-1',
    });
    assert.deepEqual(JSON.parse(lines[0] ?? ''), [
      { name: 'Build.BuildId', secret: false },
      { name: 'token', secret: true },
    ]);
    assert.doesNotMatch(lines.join('\n'), /not-a-real-token-1/);
  });

  it('are set when the promise resolves, and can be read in a later phase', async () => {
    const { commands, lines } = await onAgent(
      `const before = agent.memory.read('opened'); await agent.memory.remember('opened', 'x'); say([before ?? null]);`,
    );
    assert.deepEqual(commands.map(describeCommand), ['settaskvariable opened false x']);
    assert.equal(lines.at(-1), '[null]');
    const later = await onAgent(`say(agent.memory.read('opened'));`, { VSTS_TASKVARIABLE_OPENED: 'x' });
    assert.deepEqual(later.lines, ['"x"']);
  });

  it('end a step with a text that cannot command the agent either', async () => {
    const { commands } = await onAgent(`agent.fail(${JSON.stringify(hostile)});`);
    assert.deepEqual(
      commands.map(({ event, properties }) => [event, properties.get('result') ?? properties.get('type')]),
      [
        ['issue', 'error'],
        ['complete', 'Failed'],
      ],
    );
    assert.doesNotMatch(commands.map(({ data }) => data).join('\n'), /##(vso)?\[/);
  });
});
