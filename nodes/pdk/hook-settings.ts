/** The dialog's fields of a pdk-hook-manager node, read and checked. */
import type { NodeDef } from 'node-red';
import { SetupError } from '../../src/errors';
import { splitList } from '../../src/filter';
import type { Authentication, Scope } from '../../src/vendors/pdk/cloud/subscription';
import { isTree } from '../../src/wire/read';
import { readChoice, readInteger, readNumber, readText, readVerbatim } from '../fields';

export const operationNames = ['ensure', 'list', 'get', 'create', 'update', 'delete', 'rotate', 'watch'] as const;
export type OperationName = (typeof operationNames)[number];

export type PdkHookManagerDef = NodeDef & Readonly<Record<string, unknown>>;

export const hookCredentials = {
  secret: { type: 'password' },
  user: { type: 'text' },
  password: { type: 'password' },
} as const;

export interface HookSettings {
  readonly account: string;
  /** `msg`: what `msg.operation` says. */
  readonly operation: OperationName | 'msg';
  /** Id of a webhook node; empty: none. */
  readonly webhook: string;
  readonly ensureOnDeploy: boolean;
  /** With a webhook node: what comes before its path. */
  readonly publicUrl: string;
  /** Without one these three count. */
  readonly url: string;
  readonly topics: readonly string[];
  readonly secret: string;
  readonly authentication: Authentication;
  readonly name: string;
  readonly scope: Scope;
  readonly active: boolean;
  readonly sslVerification: boolean;
  readonly secrecyLevel: number;
  readonly expiresAt: string;
  /** Of get, update, delete, watch; empty: the one that ensure has made. */
  readonly id: string;
  readonly watchMs: number;
  readonly graceMs: number;
}

/** @throws SetupError `setting-invalid` that names the field, what it holds and what it may hold */
export function readHookSettings(def: PdkHookManagerDef, credentials: unknown): HookSettings {
  const stored = isTree(credentials) ? credentials : {};
  const scope = readChoice(def.scope, 'scope', ['ou', 'ouRecursive', 'panels'], 'ou');
  const user = readText(stored.user, 'user');
  const password = readVerbatim(stored.password, 'password');
  return {
    account: readText(def.account, 'account'),
    operation: readChoice(def.operation, 'operation', [...operationNames, 'msg'], 'ensure'),
    webhook: readWebhook(def.webhook),
    ensureOnDeploy: def.ensureOnDeploy === true,
    publicUrl: readText(def.publicUrl, 'public address'),
    url: readText(def.url, 'url'),
    topics: splitList(readText(def.topics, 'topics')),
    secret: readVerbatim(stored.secret, 'secret'),
    authentication: user === '' && password === '' ? { type: 'None' } : { type: 'Basic', user, password },
    name: readText(def.subscription, 'subscription') || 'Node-RED',
    scope: scope === 'panels' ? splitList(readText(def.panels, 'panels')) : scope,
    active: def.active !== false,
    sslVerification: def.sslVerification !== false,
    secrecyLevel: readInteger(def.secrecyLevel, 'secrecy level', 0, 2, 1),
    expiresAt: readText(def.expiresAt, 'expires at'),
    id: readText(def.hookId, 'subscription id'),
    watchMs: readNumber(def.watchSeconds, 'look every', 10, 86_400, 300) * 1000,
    graceMs: readNumber(def.graceHours, 'old secret counts for', 0, 8760, 24) * 3_600_000,
  };
}

/** A list, because the editor follows ids of nodes in lists when a flow is copied. */
function readWebhook(value: unknown): string {
  const [first] = Array.isArray(value) ? value : [value];
  return typeof first === 'string' ? first : '';
}

/** What stands before a path: `https://doors.example.com`, or with a path of the proxy's behind it. */
export function joinUrl(publicUrl: string, path: string): string {
  if (publicUrl !== '') return `${publicUrl.replace(/\/+$/, '')}${path}`;
  const message = 'public address: give what PDK calls from the internet, such as https://doors.example.com';
  throw new SetupError('setting-invalid', message, { place: 'public address' });
}
