import { findFields, type Field } from './json-field';
import { failure, type Failure } from '../failures/failure';
import { certificateMessages, jsonMessages, valueMessages } from '../messages/values';
import { variableNames, type NamingStyle } from '../names/variable-name';
import { givesSeveralFields } from '../rules/rule';
import { filePathOf } from './secret-file-path';
import type { Selected } from '../selection/select';
import { secretRef } from '../selection/secret-ref';
import { transform } from './transform';
import type { Secret, SecretProperties } from '../ports';

/** One variable that is going to be set, or one of the two that `name/version` gives. */
export interface ResolvedVariable {
  readonly selected: Selected;
  readonly properties: SecretProperties;
  readonly name: string;
  /** Keys and indexes from the value to the field; empty for the value itself. */
  readonly field: readonly string[];
  /** The variable's value, or the file's text. */
  readonly text: string;
  /** The secret's own value and what it was on the way to `text`; nothing of these may be printed either. */
  readonly formerTexts: readonly string[];
  readonly isSecret: boolean;
  /** Present when the value goes to a file, and its path to the variable. */
  readonly file?: { readonly path: string; readonly bytes: Uint8Array };
  readonly notes: readonly string[];
  /** Whether the secret is missing, and this is set instead. */
  readonly isSubstitute?: true;
}

/** The results of one secret under one rule, or why there are none. */
interface Evaluated {
  readonly results: readonly ResolvedVariable[];
  readonly failures: readonly Failure[];
}

/** Takes the fields out of a value, applies the rule's operations to each, and names the variables. */
export function evaluate(selected: Selected, secret: Secret, style: NamingStyle): Evaluated {
  const { rule } = selected;
  const subject = secretRef(selected);
  if (rule.notSecret && isCertificate(secret.properties)) {
    return failed(failure('AKV-CERTIFICATE', subject, certificateMessages.staysSecret));
  }
  const found = rule.field === undefined ? undefined : findFields(secret.value, rule.field);
  if (found !== undefined && 'problem' in found) {
    return failed(failure('AKV-JSON-FIELD', subject, { summary: found.problem, remedy: [jsonMessages.remedy] }));
  }
  const fields: readonly Field[] = found?.fields ?? [{ path: [], text: secret.value }];
  const all = fields.map((field) => evaluateField(selected, secret, field, style));
  return { results: all.flatMap(({ results }) => results), failures: all.flatMap(({ failures }) => failures) };
}

function failed(...failures: readonly Failure[]): Evaluated {
  return { results: [], failures };
}

function evaluateField(selected: Selected, secret: Secret, field: Field, style: NamingStyle): Evaluated {
  const { rule } = selected;
  const done = transform(field.text, rule.operations);
  if ('problem' in done) {
    const remedy = [remedyOf(done.code, selected)];
    return failed(failure(done.code, secretRef(selected), { summary: done.problem, remedy }));
  }
  const names = variableNames(rule, { secret: secret.properties.name, star: selected.star, field: field.path }, style);
  const path =
    done.file === undefined
      ? undefined
      : (done.file.path ?? filePathOf(selected, givesSeveralFields(rule) ? field.path : []));
  const base = {
    selected,
    properties: secret.properties,
    field: field.path,
    text: done.text,
    formerTexts: rule.notSecret ? [] : [secret.value, field.text, ...done.formerTexts],
    isSecret: !rule.notSecret,
    ...(path === undefined || done.file === undefined ? {} : { file: { path, bytes: done.file.bytes } }),
    notes: [field.note, done.note].filter((note) => note !== undefined),
  };
  return { results: names.map((name) => ({ ...base, name })), failures: [] };
}

function remedyOf(code: string, { vault, name }: Selected): string {
  return code === 'AKV-CERTIFICATE' ? certificateMessages.remedy(vault, name) : valueMessages.remedy;
}

/** Whether the value comes with a certificate's private key. */
export function isCertificate({ managed, contentType }: SecretProperties): boolean {
  return managed || contentType === 'application/x-pkcs12' || contentType === 'application/x-pem-file';
}
