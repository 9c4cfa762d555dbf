/** What a message asks of a pdk-hook-manager node: the fields of `msg.payload`, each checked before it is believed. */
import { SetupError } from '../../src/errors';
import { splitList } from '../../src/filter';
import type { Authentication, Scope } from '../../src/vendors/pdk/cloud/subscription';
import { isTree } from '../../src/wire/read';
import { operationNames, type OperationName } from './hook-settings';

/** Only what is given: everything else is as the dialog says. */
export interface Asked {
  readonly id?: string;
  readonly name?: string;
  readonly url?: string;
  readonly scope?: Scope;
  readonly authentication?: Authentication;
  readonly topics?: readonly string[];
  readonly active?: boolean;
  readonly sslVerification?: boolean;
  readonly secrecyLevel?: number;
  readonly expiresAt?: string;
  readonly secret?: string;
}

/** @throws SetupError `setting-invalid` that names the field */
export function readOperation(value: unknown): OperationName {
  const found = operationNames.find((name) => name === value);
  if (found !== undefined) return found;
  throw new SetupError('setting-invalid', `msg.operation must be one of ${operationNames.join(', ')}`, {
    place: 'msg.operation',
  });
}

/** @throws SetupError `setting-invalid` that names the field; what it holds may be a secret and is not told */
export function readAsked(payload: unknown): Asked {
  if (!isTree(payload)) return {};
  const { scope, authentication, events = payload.topics } = payload;
  const asked: Partial<{ -readonly [Key in keyof Asked]: Asked[Key] }> = {};
  const take = <Key extends keyof Asked>(
    key: Key,
    value: unknown,
    isRight: (value: unknown) => value is NonNullable<Asked[Key]>,
    what: string,
  ): void => {
    // an answer of PDK has null where nothing is set, and such an answer may be what comes in
    if (value === undefined || value === null) return;
    if (!isRight(value)) {
      const place = `msg.payload.${key}`;
      throw new SetupError('setting-invalid', `${place} must be ${what}`, { place });
    }
    asked[key] = value;
  };
  take('id', payload.id, isText, 'a text: ids of PDK are no numbers');
  take('name', payload.name, isText, 'a text');
  take('url', payload.url, isText, 'a text');
  take('expiresAt', payload.expiresAt, isText, 'a time as a text');
  take('secret', payload.secret, isText, 'a text');
  take('active', payload.active, isFlag, 'true or false');
  take('sslVerification', payload.sslVerification, isFlag, 'true or false');
  take('secrecyLevel', payload.secrecyLevel, isNumber, '0, 1 or 2');
  take('topics', typeof events === 'string' ? splitList(events) : events, isTexts, 'a list of topics');
  take('scope', scope, isScope, 'ou, ouRecursive, or a list of panel ids');
  take('authentication', authentication, isAuthentication, '{type: "None"}, or {type: "Basic", user, password}');
  return asked;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isScope(value: unknown): value is Scope {
  return value === 'ou' || value === 'ouRecursive' || isTexts(value);
}

function isAuthentication(value: unknown): value is Authentication {
  if (!isTree(value)) return false;
  return value.type === 'None' || (value.type === 'Basic' && isText(value.user) && isText(value.password));
}
