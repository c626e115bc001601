/** Holds what is sent and answered against the resource types that Azure publishes (Azure/bicep-types-az). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv/dist/2019';
import type { ValidateFunction } from 'ajv/dist/2019';

import type { JournalEntry } from '../http/journal';
import { schemaOfResource } from './resource-type';

interface PublishedResources {
  /**
   * What is wrong with an exchange by the published type of its resource, one sentence each; undefined when no type of
   * this resource in this version is at hand.
   */
  resourceProblems(entry: JournalEntry): string[] | undefined;
}

interface ResourceCheck {
  readonly version: string;
  readonly path: RegExp;
  readonly answer: ValidateFunction;
  readonly change: ValidateFunction;
}

/** @param folder - with files of types, one JSON array each. */
export function loadPublishedResources(folder: string): PublishedResources {
  const checks = readdirSync(folder).flatMap((file) =>
    checksOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as { $type: string; name?: string }[]),
  );
  return {
    resourceProblems: (entry) => {
      const path = entry.path.replace(/\/$/, '');
      const check = checks.find((each) => each.path.test(path) && each.version === entry.query['api-version']);
      return check === undefined ? undefined : problemsOf(entry, check);
    },
  };
}

function checksOf(types: readonly { readonly $type: string; readonly name?: string }[]): ResourceCheck[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  return types
    .filter(({ $type }) => $type === 'ResourceType')
    .map(({ name: full = '' }) => {
      const [name = '', version = ''] = full.split('@');
      return {
        version,
        path: pathOf(name),
        answer: ajv.compile(schemaOfResource(types, name, 'answer')),
        change: ajv.compile(schemaOfResource(types, name, 'change')),
      };
    });
}

/** The paths of a type's resources and of their collections. */
function pathOf(name: string): RegExp {
  const [provider = '', ...types] = name.split('/').map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`/providers/${provider}/${types.join('/[^/]+/')}(/[^/]+)?$`, 'i');
}

function problemsOf(entry: JournalEntry, check: ResourceCheck): string[] {
  const problems = [
    ...(entry.body === '' ? [] : problemsIn('request', entry.body, check.change)),
    ...(entry.answer === '' || entry.status >= 400 ? [] : problemsIn('answer', entry.answer, check.answer)),
  ];
  return problems.map((problem) => `${entry.method} ${entry.path}: ${problem}`);
}

function problemsIn(what: 'request' | 'answer', text: string, validate: ValidateFunction): string[] {
  const body: unknown = JSON.parse(text);
  const resources = isCollection(body) ? body.value : [body];
  return resources.flatMap((resource) => {
    if (validate(resource)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message = '', params }) =>
        `the ${what}, by the resource type: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
  });
}

function isCollection(body: unknown): body is { readonly value: readonly unknown[] } {
  return typeof body === 'object' && body !== null && 'value' in body && Array.isArray(body.value);
}
