/**
 * Holds requests and answers against the API descriptions that Azure publishes (Azure/azure-rest-api-specs: Key Vault
 * secrets 7.2, Microsoft.KeyVault 2019-09-01), and resources against their published types (Microsoft.KeyVault vaults
 * 2026-02-01 and others). They are stricter here than as published: members that they do not name are problems, except
 * those that later versions added.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import Ajv from 'ajv/dist/2019';

import type { JournalEntry } from '../http/journal';
import { tightenDescription } from './published-schemas';
import { loadPublishedResources } from './published-resources';
import type { Description, Operation, Parameter } from './published-schemas';

export interface PublishedApi {
  /** The deviations of an exchange from the published description, one sentence each; empty if there are none. */
  conformanceProblems(entry: JournalEntry): string[];
}

const files = {
  vault: join('data-plane-7.2', 'secrets.json'),
  arm: join('arm-2019-09-01', 'keyvault.json'),
  shared: join('data-plane-7.2', 'common.json'),
};

/** Not in these descriptions: the health probe, ARM's directory, a vault's perimeter (2026-04-01-preview), and rights. */
const notDescribed =
  /^(\/healthstatus|\/tenants|\/subscriptions(\/[^/]+(\/resourceGroups(\/[^/]+)?)?)?|.*\/(networkSecurityPerimeterConfigurations|providers\/Microsoft\.Authorization\/permissions))\/?$/i;
/** The description of an API holds all of Key Vault's paths; of other providers there are types of resources only. */
const ofOtherProvider = /\/providers\/(?!Microsoft\.KeyVault\/)/i;

/** @param folder - with the descriptions. Undefined if it does not exist: they are not part of this repository. */
export function loadPublishedApi(folder = resolve('..', 'shared', 'specs')): PublishedApi | undefined {
  if (!existsSync(folder)) return undefined;
  const read = (file: string): Description =>
    tightenDescription(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Description);
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const descriptions = { vault: read(files.vault), arm: read(files.arm) };
  ajv
    .addSchema(read(files.shared), 'common.json')
    .addSchema(descriptions.vault, 'vault')
    .addSchema(descriptions.arm, 'arm');
  const check: SchemaCheck = (schema, value) => {
    const validate = ajv.getSchema(schema);
    if (validate === undefined) throw new Error(`The published description has no ${schema}.`);
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(
      (error) => `${error.instancePath || '/'} ${error.message ?? ''} ${JSON.stringify(error.params)}`,
    );
  };
  const types = loadPublishedResources(join(folder, 'types'));
  return {
    conformanceProblems: (entry) => {
      if ((entry.service !== 'vault' && entry.service !== 'arm') || notDescribed.test(entry.path)) return [];
      const typed = entry.service === 'arm' ? types.resourceProblems(entry) : [];
      if (typed !== undefined && ofOtherProvider.test(entry.path)) return typed;
      const found = findOperation(descriptions[entry.service], entry);
      if (found === undefined) return [`${entry.method} ${entry.path} is no published operation`];
      const pointer = `${entry.service}#/paths/${escapePointer(found.path)}/${entry.method.toLowerCase()}`;
      const problems = [
        ...queryProblems(entry, parametersOf(descriptions[entry.service], found.operation)),
        ...bodyProblems(entry, found.operation, pointer, check),
        ...answerProblems(entry, found.operation, pointer, check),
      ];
      return [...problems.map((problem) => `${entry.method} ${entry.path}: ${problem}`), ...(typed ?? [])];
    },
  };
}

type SchemaCheck = (schema: string, value: unknown) => string[];

function findOperation(
  description: Description,
  { method, path }: JournalEntry,
): { path: string; operation: Operation } | undefined {
  // The version in the path of a secret may be left out, says the description of the parameter.
  const full = /^\/secrets\/[^/]+\/?$/i.test(path) ? `${path.replace(/\/$/, '')}/latest` : path.replace(/\/$/, '');
  for (const [template, operations] of Object.entries(description.paths)) {
    const operation = operations[method.toLowerCase()];
    const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`, 'i');
    if (
      operation !== undefined &&
      pattern.test(full) &&
      !(template.endsWith('{secret-version}') && full.endsWith('/versions'))
    ) {
      return { path: template, operation };
    }
  }
  return undefined;
}

function parametersOf(description: Description, { parameters }: Operation): Parameter[] {
  return parameters.map((parameter) => {
    const name = /^#\/parameters\/(.+)$/.exec(parameter.$ref ?? '')?.[1];
    return name === undefined
      ? parameter
      : (description.parameters?.[name] ?? { name: 'api-version', in: 'query', required: true });
  });
}

function queryProblems({ service, query }: JournalEntry, parameters: readonly Parameter[]): string[] {
  const described = parameters.filter((parameter) => parameter.in === 'query');
  const missing = described.filter(({ name = '', required }) => required === true && query[name] === undefined);
  // outContentType: added by 2025-07-01. $skiptoken: part of the links that the service itself makes.
  const later = service === 'vault' ? ['$skiptoken', 'outContentType'] : ['$skiptoken'];
  const names = [...described.map(({ name = '' }) => name), ...later];
  const unknown = Object.keys(query).filter((name) => !names.includes(name));
  return [
    ...missing.map(({ name = '' }) => `the query lacks ${name}`),
    ...unknown.map((name) => `the query has ${name}, which is not described`),
    ...described.flatMap((parameter) => valueProblems(parameter, query[parameter.name ?? ''])),
  ];
}

function valueProblems({ name = '', type, minimum, maximum }: Parameter, text: string | undefined): string[] {
  if (type !== 'integer' || text === undefined) return [];
  const value = Number(text);
  const fits = Number.isInteger(value) && value >= (minimum ?? value) && value <= (maximum ?? value);
  return fits ? [] : [`the query's ${name} is ${text}`];
}

function bodyProblems(entry: JournalEntry, operation: Operation, pointer: string, check: SchemaCheck): string[] {
  const index = operation.parameters.findIndex((parameter) => parameter.in === 'body');
  if (index < 0) return entry.body === '' ? [] : ['the request has a body, which is not described'];
  return check(`${pointer}/parameters/${index}/schema`, parse(entry.body)).map(
    (problem) => `the request's body: ${problem}`,
  );
}

function answerProblems(entry: JournalEntry, { responses }: Operation, pointer: string, check: SchemaCheck): string[] {
  if (entry.status === 0) return [];
  const key = responses[entry.status] === undefined ? 'default' : String(entry.status);
  if (key === 'default' && entry.status < 400)
    return [`the answer's status is ${entry.status}, which is not described`];
  if (responses[key]?.schema === undefined)
    return entry.answer === '' ? [] : ['the answer has a body, which is not described'];
  return check(`${pointer}/responses/${key}/schema`, parse(entry.answer)).map(
    (problem) => `the answer's body: ${problem}`,
  );
}

/** A body that is not JSON is checked as text, so that it is reported and not thrown. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function escapePointer(path: string): string {
  return encodeURIComponent(path.replaceAll('~', '~0').replaceAll('/', '~1'));
}
