/** Config node `camlytics-server`: where a Camlytics is, and in which time zone; asked by the poll nodes that name it. */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { systemClock } from '../../src/clock';
import { SecurityEventsError, SetupError } from '../../src/errors';
import { CamlyticsClient, explain } from '../../src/vendors/camlytics/client';
import { ChannelNames } from '../../src/vendors/camlytics/names';
import { probe } from '../../src/vendors/camlytics/probe';
import { onClose, toSetupError } from '../adapter';
import { readTimeZone } from '../fields';
import { readForm } from '../form';
import { readAddress } from './address';
import type { Connection } from './server-node';

type ServerDef = NodeDef & Readonly<Record<string, unknown>>;

/** A dialog is not kept waiting for longer. */
const probeLimitMs = 15_000;

export = (RED: NodeAPI): void => {
  function CamlyticsServer(
    this: Node & { connection?: Connection; fault?: SecurityEventsError },
    def: ServerDef,
  ): void {
    RED.nodes.createNode(this, def);
    try {
      const client = new CamlyticsClient(readAddress(def), systemClock);
      const names = new ChannelNames((signal) => client.channels(signal), systemClock);
      this.connection = { client, names, timeZone: readTimeZone(def.timeZone) };
    } catch (thrown) {
      this.fault = toSetupError(thrown);
    }
    onClose(this, () => this.connection?.client.close());
  }
  RED.nodes.registerType('camlytics-server', CamlyticsServer);

  // at load, not in the constructor: the dialog of a server that was never deployed must get an answer too
  const canWrite = RED.auth.needsPermission('camlytics-server.write');
  const offer = (path: string, ask: (client: CamlyticsClient, signal: AbortSignal) => Promise<object>): void => {
    RED.httpAdmin.post(`/security-events/camlytics-server/${path}`, canWrite, (request, response) => {
      void answer(request.body, ask).then((found) => response.json(found));
    });
  };
  offer('test', probe);
  offer('channels', async (client, signal) => ({ channels: await client.channels(signal) }));
};

/** Whatever goes wrong is an answer too: the dialog shows it. */
async function answer(
  body: unknown,
  ask: (client: CamlyticsClient, signal: AbortSignal) => Promise<object>,
): Promise<object> {
  const limit = new AbortController();
  let client: CamlyticsClient | undefined;
  const timer = systemClock.after(probeLimitMs, () => {
    limit.abort(new SetupError('server-timeout', `no answer within ${probeLimitMs / 1000} seconds`));
  });
  try {
    client = new CamlyticsClient(readAddress(readForm(body)), systemClock);
    return await ask(client, limit.signal);
  } catch (thrown) {
    const error = thrown instanceof SecurityEventsError ? thrown : toSetupError(thrown);
    return { error: explain(error, client?.url ?? 'the server').message };
  } finally {
    timer.cancel();
    await client?.close();
  }
}
