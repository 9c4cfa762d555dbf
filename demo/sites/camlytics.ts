import type { StoredEvent } from '../../simulators/camlytics/database';
import { serverFaults } from '../../simulators/camlytics/server';
import { startCamlyticsSite } from '../../simulators/camlytics/site';
import { findFreePort } from '../node-red';
import type { PrepareSite } from './site';

const shareOfFaults = 0.3;
const nothing = Buffer.alloc(0);

/** A PC with Camlytics: it is asked, and calls the webhook. */
export const prepareCamlytics: PrepareSite = async ({ nodes, port, onTold }) => {
  const own = await findFreePort(48_462);
  const path = nodes.find(({ type }) => type === 'camlytics-webhook-in')?.path;
  const webhook = path === undefined ? undefined : `http://127.0.0.1:${port}${path}`;
  const site = await startCamlyticsSite({
    port: own,
    webhook,
    ...(onTold && {
      onEvent: (event) =>
        onTold({ vendor: 'camlytics', way: 'asked', query: '', body: writeEvent(event), isTaken: true }),
      onCall: ({ query, status }) =>
        onTold({ vendor: 'camlytics', way: 'called', query, body: nothing, isTaken: status === 200 }),
    }),
  });
  return {
    settingsOf: ({ type }) => (type === 'camlytics-server' ? { host: '127.0.0.1', port: String(own) } : {}),
    trouble(random) {
      const { server } = site;
      server.nextFault = () => (random && random.next() < shareOfFaults ? random.pick(serverFaults) : undefined);
    },
    close: () => site.close(),
  };
};

/** What of it says which event it is. */
function writeEvent({ id, channel, type, time }: StoredEvent): Buffer {
  return Buffer.from(JSON.stringify({ event_id: id, channel_id: channel, type, time }));
}
