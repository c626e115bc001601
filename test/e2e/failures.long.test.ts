import {
  atWork,
  changedConnection,
  changedVault,
  forgetForeignAnswers,
  hoursAhead,
  idOf,
  pageOf,
  refusal,
  shortest,
  withoutRole,
  type Failure,
  type Failures,
} from './failures';
import { assertDone, assertFailed, furnish, runStep, type Task } from './one-step';
import { describeScenarios, type Scenarios } from './scenarios';
import { signingIn } from './sign-in-failures';

const throttled = (headers = {}) => refusal(429, 'TooManyRequests', headers);
const nextYear = new Date(Date.now() + 365 * 86_400_000).toUTCString();
const federated = { connection: 'contoso-federated' };

/** What passes: the step does its work all the same. */
const passing: Failures = {
  'two 503s': { arrange: atWork(refusal(503, 'ServiceUnavailable'), 2) },
  'a 500, once': { only: 'KeyVaultSecrets', arrange: atWork(refusal(500, 'InternalServerError'), 1) },
  'a 429 that asks for a second': { only: 'KeyVaultSecrets', arrange: atWork(throttled({ 'retry-after': '1' }), 1) },
  'a reset before the answer': { only: 'KeyVaultSecrets', arrange: atWork('reset-before', 1) },
  'a reset after the work': { arrange: atWork('reset-after', 1) },
  'an answer cut in the middle, once': { arrange: atWork('truncate', 1) },
  'a page instead of the answer, once': { only: 'KeyVaultSecrets', arrange: atWork(pageOf(200), 1) },
  'a token that is refused in the middle': { arrange: atWork(refusal(401, 'Unauthorized'), 1) },
  'a clock an hour behind, with a client secret': {
    only: 'KeyVaultSecrets',
    arrange: () => undefined,
    with: hoursAhead(1),
  },
  'a clock an hour behind, with federation': { arrange: () => federated, with: hoursAhead(1) },
};

/** What does not pass, at the request that is the task's work. */
const lasting: Failures = {
  '429 without Retry-After': { arrange: atWork(throttled()), code: 'AKV-THROTTLED', brief: true },
  '429 that asks for an hour': {
    arrange: atWork(throttled({ 'retry-after': '3600' })),
    code: 'AKV-THROTTLED',
    says: /asked to be left alone for longer \(Retry-After: 3600\)/,
  },
  '429 that asks for a date next year': {
    arrange: atWork(throttled({ 'retry-after': nextYear })),
    code: 'AKV-THROTTLED',
    says: new RegExp(`Retry-After: ${nextYear}`),
  },
  '429 that asks for ever': {
    arrange: atWork(throttled({ 'retry-after': '9'.repeat(30) })),
    code: 'AKV-THROTTLED',
    says: /Retry-After: 9{30}/,
  },
  '503 that asks for a day': {
    arrange: atWork(refusal(503, 'ServiceUnavailable', { 'retry-after': '86400' })),
    code: 'AKV-SERVICE',
  },
  'HTTP 408': {
    only: 'KeyVaultSecrets',
    arrange: atWork(refusal(408, 'RequestTimeout')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 408/,
  },
  'HTTP 425': {
    only: 'KeyVaultSecrets',
    arrange: atWork(refusal(425, 'TooEarly')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 425/,
  },
  'HTTP 500': {
    arrange: atWork(refusal(500, 'InternalServerError')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 500/,
  },
  'HTTP 502 of a gateway, a page': {
    only: 'KeyVaultSecrets',
    arrange: atWork(pageOf(502)),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 502/,
  },
  'HTTP 503': {
    arrange: atWork(refusal(503, 'ServiceUnavailable')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 503/,
  },
  'HTTP 504': {
    only: 'KeyVaultSecrets',
    arrange: atWork(refusal(504, 'GatewayTimeout')),
    code: 'AKV-SERVICE',
    brief: true,
    says: /HTTP 504/,
  },
  'HTTP 418': { arrange: atWork(refusal(418, 'Teapot')), code: 'AKV-UNEXPECTED', says: /HTTP 418 Teapot/ },
  'resets before the answer': { arrange: atWork('reset-before'), code: 'AKV-NETWORK', brief: true },
  'resets after the work': {
    only: 'KeyVaultSecrets',
    arrange: atWork('reset-after'),
    code: 'AKV-NETWORK',
    brief: true,
  },
  'answers cut in the middle': { arrange: atWork('truncate'), code: 'AKV-NETWORK', brief: true },
  'no answer at all': {
    arrange: atWork('hang'),
    code: 'AKV-TIMEOUT',
    brief: true,
    says: /\S+ had not answered for \d+ s\./,
  },
  'an answer that comes too late': {
    only: 'KeyVaultSecrets',
    arrange: atWork({ delayMs: 12_000 }),
    code: 'AKV-TIMEOUT',
    brief: true,
    says: /had not answered/,
  },
  'a page with 200 (captive portal)': {
    arrange: atWork(pageOf(200)),
    code: 'AKV-NETWORK',
    brief: true,
    says: /not JSON \(text\/html\)/,
  },
  'an empty 200': { arrange: atWork({ status: 200 }), code: 'AKV-NETWORK', brief: true, says: /not JSON \(empty\)/ },
  'a 200 with JSON of another kind': {
    only: 'KeyVaultSecrets',
    arrange: atWork({ status: 200, headers: { 'content-type': 'application/json' }, body: '["not-a-real-answer"]' }),
    code: 'AKV-NETWORK',
    brief: true,
  },
  'a page with 403 (blocked by a proxy)': { arrange: atWork(pageOf(403)), code: 'AKV-INTERCEPTED', says: /Not Azure/ },
  'a page with 404': { arrange: atWork(pageOf(404)), code: 'AKV-INTERCEPTED' },
  'a redirect': {
    arrange: atWork({ status: 302, headers: { location: 'https://evil.example/' } }),
    code: 'AKV-INTERCEPTED',
    says: /redirect, which was not followed/,
  },
  'a token that is refused for good': { arrange: atWork(refusal(401, 'Unauthorized')), code: 'AKV-UNAUTHORIZED' },
};

/** What Azure refuses to an identity that has signed in. */
const refusals: Failures = {
  'the firewall': {
    arrange: changedVault({ networkAcls: { defaultAction: 'Deny' } }),
    only: 'KeyVaultSecrets',
    code: 'AKV-FIREWALL',
    says: /address 20\.50\.1\.10[^]*network-rule add --name contoso-kv --ip-address 20\.50\.1\.10\/32/,
  },
  'no role on the data': {
    arrange: withoutRole,
    only: 'KeyVaultSecrets',
    code: 'AKV-RBAC',
    says: /may not perform \S+getSecret\/action[^]*--role "Key Vault Secrets User"/,
  },
  'no access policy': {
    arrange: changedVault({ enableRbacAuthorization: false, accessPolicies: [] }),
    only: 'KeyVaultSecrets',
    code: 'AKV-ACCESS-POLICY',
    says: /--secret-permissions get/,
  },
  'disabled public access': { arrange: changedVault({ publicNetworkAccess: 'Disabled' }), code: 'AKV-PRIVATE-ONLY' },
  'a perimeter': { arrange: changedVault({ publicNetworkAccess: 'SecuredByPerimeter' }), code: 'AKV-PERIMETER' },
  'a service endpoint': {
    arrange: () => ({ network: { via: { kind: 'Subnet', subnet: '/subscriptions/x/subnets/agents' } } }),
    only: 'KeyVaultAgentAccess',
    code: 'AKV-SUBNET',
  },
  'no rights in Azure Resource Manager': {
    arrange: (stage) => ({ ...withoutRole(stage), inputs: 'resourceGroupName: shop' }),
    only: 'KeyVaultAgentAccess',
    code: 'AKV-ARM-ACCESS',
    says: /may not Microsoft\.KeyVault\/vaults\/read[^]*Key Vault Firewall Operator/,
  },
  'a ReadOnly lock': {
    arrange: (stage) => {
      stage.azure.addLock({ scope: idOf(stage), level: 'ReadOnly' });
      return undefined;
    },
    only: 'KeyVaultAgentAccess',
    code: 'AKV-ARM-LOCK',
  },
  'a policy that forbids the change': {
    arrange: (stage) => {
      stage.azure.addPolicy({ name: 'no-rules', scope: idOf(stage), effect: 'deny', matches: () => true });
      return undefined;
    },
    only: 'KeyVaultAgentAccess',
    code: 'AKV-ARM-POLICY',
  },
  'a management group connection': {
    arrange: changedConnection({}, { subscriptionid: '' }),
    only: 'KeyVaultAgentAccess',
    code: 'AKV-CONNECTION',
    says: /has no subscription[^]*full resource id/,
  },
  'a disabled secret': {
    arrange: (stage) => {
      stage.azure.setSecret(stage.contoso.vault, { name: 'token', value: 'not-a-real-value-2', enabled: false });
      return undefined;
    },
    only: 'KeyVaultSecrets',
    code: 'AKV-SECRET-DISABLED',
    says: /set-attributes --vault-name contoso-kv --name token --enabled true/,
  },
  'a deleted secret': {
    arrange: (stage) => {
      stage.azure.deleteSecret(stage.contoso.vault, 'token');
      return undefined;
    },
    only: 'KeyVaultSecrets',
    code: 'AKV-SECRET-MISSING',
  },
};

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
    play: async (stage) => {
      furnish(stage, task);
      const given = (await arrange(stage, task)) ?? {};
      if (code === undefined) {
        assertDone(stage, task, await runStep(stage, task, given));
      } else {
        assertFailed(
          stage,
          await runStep(stage, task, brief ? { ...given, inputs: shortest(task) } : given),
          code,
          says,
        );
      }
      forgetForeignAnswers(stage);
    },
  };
}

describeScenarios('Failures', {
  ...scenariosOf(passing),
  ...scenariosOf(lasting),
  ...scenariosOf(signingIn),
  ...scenariosOf(refusals),
});
