import assert from 'node:assert/strict';
import { findAddress, type AgentPath } from '../../../../tasks/keyvault-agent-access/address/find-address';
import type { AddressLookup, AccessCheck, NetworkInfo } from '../../../../tasks/keyvault-agent-access/ports/data-plane';
import { blocked, fakeDataPlane, fakeLog, passed, signal } from '../fake-ports';

const seen = (address: string): NetworkInfo => ({ path: 'public', address });
const answerOf =
  (answer: string): AddressLookup =>
  () =>
    Promise.resolve(answer);
const silent: AddressLookup = () => Promise.reject(new Error('HTTP 503'));

function find(infos: readonly (NetworkInfo | undefined)[], check: AccessCheck, lookups: readonly AddressLookup[] = []) {
  const log = fakeLog();
  const dataPlane = fakeDataPlane(infos, [check]);
  return { log, dataPlane, path: findAddress({ vault: 'app-kv', dataPlane, lookups, log, signal }) };
}

describe('find-address', () => {
  interface Row {
    readonly title: string;
    readonly infos: readonly (NetworkInfo | undefined)[];
    readonly check?: AccessCheck;
    readonly lookups?: readonly AddressLookup[];
    readonly path: AgentPath;
  }
  const rows: readonly Row[] = [
    {
      title: "takes the vault's own word",
      infos: [seen('20.1.2.3')],
      path: { kind: 'public', addresses: ['20.1.2.3'], source: 'the vault itself' },
    },
    {
      title: 'collects the addresses of a pool over three connections',
      infos: [seen('20.1.2.3'), seen('20.1.2.4'), seen('20.1.2.3')],
      path: { kind: 'public', addresses: ['20.1.2.3', '20.1.2.4'], source: 'the vault itself' },
    },
    {
      title: 'needs no address behind a private endpoint',
      infos: [{ path: 'privateLink', address: '10.1.2.3' }],
      path: { kind: 'privateLink' },
    },
    {
      title: 'names the subnet of a service endpoint',
      infos: [{ path: 'subnet', address: '10.1.2.3', subnet: '/s/apps' }],
      path: { kind: 'subnet', subnet: '/s/apps' },
    },
    {
      title: 'reads the denial when the header is missing',
      infos: [undefined],
      check: blocked('20.1.2.3'),
      path: { kind: 'public', addresses: ['20.1.2.3'], source: "the vault's refusal" },
    },
    {
      title: 'asks public services when neither tells, and believes them when they agree',
      infos: [undefined],
      check: blocked(),
      lookups: [answerOf('20.1.2.3'), answerOf('20.1.2.3\n')],
      path: { kind: 'public', addresses: ['20.1.2.3'], source: '2 public services that agree' },
    },
  ];
  for (const { title, infos, check = passed, lookups, path } of rows) {
    it(title, async () => {
      assert.deepEqual(await find(infos, check, lookups).path, path);
    });
  }

  it('checks only when the header is missing', async () => {
    const { dataPlane, path } = find([seen('20.1.2.3')], passed);
    await path;
    assert.deepEqual([dataPlane.infosRead, dataPlane.checks], [3, 0]);
  });

  const disagreements: readonly (readonly [string, readonly AddressLookup[], string])[] = [
    ['two services disagree', [answerOf('20.1.2.3'), answerOf('20.1.2.4')], '20.1.2.3, 20.1.2.4'],
    ['one does not answer', [answerOf('20.1.2.3'), silent], '20.1.2.3'],
    ['none answers', [silent, silent], 'no answer'],
    ['they agree on a range', [answerOf('20.0.0.0/8'), answerOf('20.0.0.0/8')], '20.0.0.0/8, 20.0.0.0/8'],
    ['they agree on an IPv6 address', [answerOf('2001:db8::1'), answerOf('2001:db8::1')], '2001:db8::1, 2001:db8::1'],
    ['they agree on a page', [answerOf('<html>'), answerOf('<html>')], '<html>, <html>'],
    [
      'they see a chain of proxies',
      [answerOf('20.1.2.3, 10.0.0.1'), answerOf('20.1.2.3, 10.0.0.1')],
      '20.1.2.3, 10.0.0.1, 20.1.2.3, 10.0.0.1',
    ],
  ];
  for (const [title, lookups, quoted] of disagreements) {
    it(`does not guess when ${title}`, async () => {
      const { log, path } = find([undefined], blocked(), lookups);
      await assert.rejects(
        path,
        /AKV-ADDRESS-UNKNOWN: Cannot open the firewall of 'app-kv': the vault did not report this agent's address/,
      );
      assert.deepEqual(log.lines, [
        `warning: The public services asked for this agent's address do not agree on one: ${quoted}.`,
      ]);
    });
  }

  it('asks no public service unless the user allows it', async () => {
    const { log, path } = find([undefined], { kind: 'unclear', reason: 'HTTP 401' });
    await assert.rejects(path, /Give the address or range in the input 'ipAddresses'/);
    assert.deepEqual(log.lines, []);
  });

  it('reports that a rule already allows the agent if the vault answers without an address', async () => {
    await assert.rejects(
      find([undefined], passed).path,
      /already accepts this agent, by a rule that another job may remove[^]*'ipAddresses'[^]*'allowPublicIpLookup: true'/,
    );
  });

  for (const address of ['10.1.2.3', '192.168.1.1', '100.64.0.1', '168.63.129.16', '999.1.1.1']) {
    it(`does not open for ${address}, which is not a public address`, async () => {
      await assert.rejects(
        find([undefined], blocked(address)).path,
        new RegExp(`this agent's address is reported as ${address.replaceAll('.', '\\.')}, which is not public`),
      );
    });
  }

  it('fails with the reason that the vault gives when no rule can help', async () => {
    const diagnosis = { code: 'AKV-PRIVATE-ONLY' as const, summary: 'private endpoints only', remedy: [] };
    await assert.rejects(find([undefined], { kind: 'refused', diagnosis }).path, /AKV-PRIVATE-ONLY/);
  });
});
