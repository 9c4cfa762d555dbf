import { randomBytes } from 'node:crypto';
import { PacsApi } from '../../simulators/camio/pacs-api';
import { startDomain, type Domain } from '../../simulators/camio/site';
import type { Credentials, PrepareSite } from './site';

/** A domain at Camio that calls back, and the interface for doors, to which the accounts of the flows lead. */
export const prepareCamio: PrepareSite = async ({ nodes, port }) => {
  const makeSecret = (): string => randomBytes(24).toString('base64url');
  const [token, headerValue, hookKey] = [makeSecret(), makeSecret(), makeSecret()];
  const api = await PacsApi.start({ token });
  const credentials: Readonly<Record<string, Credentials>> = {
    'camio-callback-in': { headerValue, hookKey },
    'camio-account': { token },
  };
  const callbacks = nodes.filter(({ type }) => type === 'camio-callback-in');
  let domains: readonly Domain[] = [];
  return {
    settingsOf: ({ type }) => (type === 'camio-account' ? { url: api.url } : {}),
    credentialsOf: ({ type }) => credentials[type],
    open() {
      const headers = { 'Content-Type': 'application/json', Authorization: headerValue };
      const urls = new Set(
        callbacks.flatMap(({ path }) => path ?? []).map((path) => `http://127.0.0.1:${port}${path}`),
      );
      domains = [...urls].map((url) => startDomain({ url, headers, hookUrl: `${url}/${hookKey}` }));
    },
    async close() {
      await Promise.all([api, ...domains].map((each) => each.close()));
    },
  };
};
