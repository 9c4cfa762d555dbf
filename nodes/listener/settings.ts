/** The dialog's fields of a security-listener node, and those about who may call that webhook nodes have too. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { SecureContextOptions } from 'node:tls';
import { SetupError } from '../../src/errors';
import { splitList } from '../../src/filter';
import type { AccessRules } from '../../src/http/access';
import { standardLimits, type Limits } from '../../src/http/limits';
import { isTree } from '../../src/wire/read';
import { findNode } from '../adapter';
import { readChoice, readInteger, readNumber, readText, readVerbatim } from '../fields';

export type ListenerDef = NodeDef & Readonly<Record<string, unknown>>;

export interface ListenerSettings {
  readonly door: 'own' | 'nodered';
  readonly host: string;
  readonly port: number;
  readonly tls: SecureContextOptions | undefined;
  readonly limits: Limits;
  readonly access: AccessRules;
  /** What callers from outside write before a path; empty: not told. */
  readonly publicUrl: string;
}

const standardPort = 5050;
const megabyte = 1024 * 1024;

/** @throws SetupError `setting-invalid` that names the field, or `tls-missing` */
export function readListenerSettings(RED: NodeAPI, def: ListenerDef, credentials: unknown): ListenerSettings {
  const door = readChoice(def.door, 'door', ['own', 'nodered'], 'own');
  const isOwn = door === 'own';
  return {
    door,
    host: isOwn ? readText(def.host, 'address') : '',
    port: isOwn ? readInteger(def.port, 'port', 0, 65_535, standardPort) : 0,
    tls: isOwn ? readTls(RED, readText(def.tls, 'TLS')) : undefined,
    limits: readLimits(def, isOwn),
    publicUrl: readPublicUrl(def.publicUrl),
    access: { ...readAccess(def, credentials), proxies: splitList(readText(def.proxies, 'trusted proxies')) },
  };
}

/** @throws SetupError `setting-invalid` */
function readPublicUrl(value: unknown): string {
  const url = readText(value, 'public address').replace(/\/+$/, '');
  if (url === '' || (/^https?:\/\/[^\s?#@]+$/i.test(url) && URL.canParse(url))) return url;
  const message = `public address must begin with http:// or https://, and hold no blanks, ? or #; it is "${url}"`;
  throw new SetupError('setting-invalid', message, { place: 'public address' });
}

/** Heads and connections of Node-RED's own server are its own business. */
function readLimits(def: ListenerDef, isOwn: boolean): Limits {
  const seconds = (field: string, label: string, min: number, max: number, standardMs: number): number =>
    readNumber(def[field], label, min, max, standardMs / 1000) * 1000;
  const megabytes = (field: string, label: string, min: number, max: number, standardBytes: number): number =>
    Math.round(readNumber(def[field], label, min, max, standardBytes / megabyte) * megabyte);
  const limits: Limits = {
    bodyBytes: megabytes('bodyMb', 'largest post', 0.01, 256, standardLimits.bodyBytes),
    inFlightBytes: megabytes('inFlightMb', 'posts being read', 1, 4096, standardLimits.inFlightBytes),
    headersMs: isOwn
      ? seconds('headSeconds', 'time for the head', 1, 600, standardLimits.headersMs)
      : standardLimits.headersMs,
    bodyMs: seconds('bodySeconds', 'time for the body', 1, 3600, standardLimits.bodyMs),
    connections: isOwn
      ? readInteger(def.connections, 'connections', 1, 100_000, standardLimits.connections)
      : standardLimits.connections,
    holdMs: seconds('holdSeconds', 'time that posts wait', 0, 60, standardLimits.holdMs),
    holdBytes: megabytes('holdMb', 'posts that wait', 0, 4096, standardLimits.holdBytes),
  };
  if (limits.inFlightBytes >= limits.bodyBytes) return limits;
  const message = 'posts being read: must not be less than the largest post';
  throw new SetupError('setting-invalid', message, { place: 'posts being read' });
}

/** What an exported flow does not hold; every webhook node registers these. */
export const accessCredentials = {
  user: { type: 'text' },
  password: { type: 'password' },
  headerValue: { type: 'password' },
} as const;

export type AccessCredentials = Record<keyof typeof accessCredentials, unknown>;

/**
 * Who may call, as the fields `allow` and `headerName` and the credentials `user`, `password` and `headerValue` say.
 * What is left empty asks for nothing.
 */
export function readAccess(def: Readonly<Record<string, unknown>>, credentials: unknown): AccessRules {
  const secrets = isTree(credentials) ? credentials : {};
  const user = readText(secrets.user, 'user');
  const password = readVerbatim(secrets.password, 'password');
  const name = readText(def.headerName, 'secret header');
  // HTTP itself takes the blanks off the ends of a value: with them it would never be met
  const value = readVerbatim(secrets.headerValue, 'value of the secret header').trim();
  return {
    networks: splitList(readText(def.allow, 'allowed addresses')),
    proxies: [],
    basic: user === '' && password === '' ? undefined : { user, password },
    header: name === '' && value === '' ? undefined : { name, value },
  };
}

/** The path of a node that takes one and no other. @throws SetupError `setting-invalid` */
export function readPath(value: unknown): string {
  const path = readText(value, 'path');
  if (/^\/[^\s?#*]+$/.test(path)) return path;
  throw new SetupError('setting-invalid', `path must begin with / and hold no blanks, ?, # or *; it is "${path}"`, {
    place: 'path',
  });
}

/** What a node asks for in place of what its listener does, rule by rule. */
export function refineAccess(all: AccessRules, own: AccessRules): AccessRules {
  return {
    networks: own.networks.length > 0 ? own.networks : all.networks,
    proxies: all.proxies,
    basic: own.basic ?? all.basic,
    header: own.header ?? all.header,
  };
}

function readTls(RED: NodeAPI, id: string): SecureContextOptions | undefined {
  if (id === '') return undefined;
  const node: (Node & { readonly addTLSOptions?: unknown }) | undefined = findNode(RED, id);
  const options: Record<string, unknown> = {};
  if (typeof node?.addTLSOptions === 'function') Reflect.apply(node.addTLSOptions, node, [options]);
  const { key, cert, ca, passphrase } = options;
  if (isPem(key) && isPem(cert)) {
    return { key, cert, ...(isPem(ca) && { ca }), ...(typeof passphrase === 'string' && { passphrase }) };
  }
  const message = 'TLS: the chosen configuration has no certificate and key; open it and give both';
  throw new SetupError('tls-missing', message, { place: 'tls' });
}

function isPem(value: unknown): value is string | Buffer {
  return (typeof value === 'string' && value !== '') || Buffer.isBuffer(value);
}
