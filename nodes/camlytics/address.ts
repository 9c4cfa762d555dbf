/** Where a Camlytics is: the fields of a camlytics-server node, as they were saved or as they stand in an open dialog. */
import { SetupError } from '../../src/errors';
import type { ServerAddress } from '../../src/vendors/camlytics/client';
import { readChoice, readInteger, readText } from '../fields';

export const standardPort = 48_462;
export const standardBasePath = '/v1/json';

/** @throws SetupError `setting-invalid` that names the field, what it holds and what it may hold */
export function readAddress(fields: Readonly<Record<string, unknown>>): ServerAddress {
  return {
    scheme: readChoice(fields.scheme, 'scheme', ['http', 'https'], 'http'),
    host: readHost(fields.host),
    port: readInteger(fields.port, 'port', 1, 65_535, standardPort),
    basePath: readBasePath(fields.basePath),
  };
}

function readHost(value: unknown): string {
  const host = readText(value, 'host') || '127.0.0.1';
  if (/^[^\s/?#@:[\]]+$/.test(host) || /^\[?[0-9a-f:.]*:[0-9a-f:.]*\]?$/i.test(host)) return host;
  const message = `host must be a name or an address alone, without http:// and without a port; it is "${host}"`;
  throw new SetupError('setting-invalid', message, { place: 'host' });
}

function readBasePath(value: unknown): string {
  const path = `/${readText(value, 'base path', standardBasePath) || standardBasePath}`
    .replace(/^\/+/, '/')
    .replace(/\/+$/, '');
  if (/^(\/[\w.~%-]+)*$/.test(path)) return path;
  throw new SetupError('setting-invalid', `base path must look like ${standardBasePath}; it is "${path}"`, {
    place: 'base path',
  });
}
