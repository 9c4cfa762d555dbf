import { randomBytes } from 'node:crypto';
import { apiFaults, PacsApi } from '../../simulators/camio/pacs-api';
import { callbackFaults } from '../../simulators/camio/sender';
import { startDomain, type Domain } from '../../simulators/camio/site';
import { fromExchange, type Credentials, type PrepareSite } from './site';

/** A domain at Camio that calls back, and the interface for doors, to which the accounts of the flows lead. */
export const prepareCamio: PrepareSite = async ({ nodes, port, onTold }) => {
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
      domains = [...urls].map((url, number) =>
        startDomain({
          url,
          headers,
          hookUrl: `${url}/${hookKey}`,
          // two that were alike would tell of the same events
          seed: number + 1,
          ...(onTold && { onExchange: (exchange) => onTold(fromExchange('camio', exchange)) }),
        }),
      );
    },
    trouble(random) {
      for (const domain of domains) domain.fault = random?.pick(callbackFaults);
      api.fault = random?.pick(apiFaults);
    },
    async close() {
      await Promise.all([api, ...domains].map((each) => each.close()));
    },
  };
};
