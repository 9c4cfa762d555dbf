import { startCamlyticsSite } from '../../simulators/camlytics/site';
import { findFreePort } from '../node-red';
import type { PrepareSite } from './site';

/** A PC with Camlytics: it is asked, and calls the webhook. */
export const prepareCamlytics: PrepareSite = async ({ nodes, port }) => {
  const own = await findFreePort(48_462);
  const path = nodes.find(({ type }) => type === 'camlytics-webhook-in')?.path;
  const webhook = path === undefined ? undefined : `http://127.0.0.1:${port}${path}`;
  const site = await startCamlyticsSite({ port: own, webhook });
  return {
    settingsOf: ({ type }) => (type === 'camlytics-server' ? { host: '127.0.0.1', port: String(own) } : {}),
    close: () => site.close(),
  };
};
