/** The dialog's fields of a pdk-account node, read and checked. */
import { SetupError } from '../../src/errors';
import { mine, readOrigin, standardBaseUrl } from '../../src/vendors/pdk/cloud/account';
import { isTree } from '../../src/wire/read';
import { readText, readVerbatim } from '../fields';

/** Where to log in, and as whom. */
export interface Login {
  readonly origin: string;
  readonly login: { readonly clientId: string; readonly clientSecret: string };
}

/** The id of an organization, or `mine`. @throws SetupError `setting-invalid` */
export function readOrganization(value: unknown): string {
  return readText(value, 'organization') || mine;
}

/** @throws SetupError `setting-invalid` that names the field */
export function readLogin(baseUrl: unknown, credentials: unknown): Login {
  const stored = isTree(credentials) ? credentials : {};
  const origin = readOrigin(readText(baseUrl, 'base URL') || standardBaseUrl);
  const clientId = readText(stored.clientId, 'client id');
  const clientSecret = readVerbatim(stored.clientSecret, 'client secret');
  for (const [field, value] of [
    ['client id', clientId],
    ['client secret', clientSecret],
  ] as const) {
    if (value === '') {
      throw new SetupError('setting-invalid', `${field}: give the one that PDK's integrations team has sent`, {
        place: field,
      });
    }
  }
  return { origin, login: { clientId, clientSecret } };
}
