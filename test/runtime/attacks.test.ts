/** A listener under attack, in a real Node-RED: a healthy camera's events all arrive meanwhile. `npm run bench` has the numbers. */
import should from 'should';
import { Client } from 'undici';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { writeAttacks } from '../../simulators/attacks';
import { nodeId, untilListening, Witness, writeFlow } from '../support/runtime';

const megabyte = 1024 * 1024;

const plate = (text: string): string =>
  `<config version="1.7"><smartType>VEHICE</smartType><currentTime>${Date.now()}000</currentTime>
  <mac>02:00:5e:30:00:01</mac><listInfo><item><plateNumber>${text}</plateNumber></item></listInfo></config>`;

describe('a port under attack', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let port: number;
  const witness = new Witness();
  let expected = 0;
  let onResources: (resources: readonly string[]) => void = () => undefined;
  const countResources = async (name: string): Promise<number> => {
    const told = new Promise<readonly string[]>((resolve) => (onResources = resolve));
    nodeRed.tell({});
    return (await told).filter((resource) => resource === name).length;
  };

  before(async () => {
    port = await findFreePort(0);
    nodeRed = await startNodeRed({
      flows: writeFlow({ port, bodyMb: '1' }),
      settingsCode: `process.on('message', () => process.send({ resources: process.getActiveResourcesInfo() }));`,
      onSent: witness.onSent,
      onTold: (told) => onResources((told as { resources: string[] }).resources),
    });
    await untilListening(nodeRed);
  });
  after(() => nodeRed?.stop());

  for (const { name, start } of writeAttacks(megabyte)) {
    it(`of ${name} delivers every event of a healthy camera`, async () => {
      const camera = new Client(`http://127.0.0.1:${port}`);
      const post = async (number: number): Promise<number> => {
        const reply = await camera.request({ method: 'POST', path: '/API', body: plate(`${name} ${number}`) });
        await reply.body.dump();
        return reply.statusCode;
      };
      should(await post(0)).equal(200);
      expected += 52;
      const stop = await start(port);
      try {
        for (let number = 1; number <= 50; number++) should(await post(number)).equal(200);
        // and one that comes only now
        const late = await fetch(`http://127.0.0.1:${port}/API`, { method: 'POST', body: plate(`${name} late`) });
        should(late.status).equal(200);
        const events = await witness.wait(expected, ({ node }) => node === nodeId);
        should(events).have.length(expected);
      } finally {
        stop();
        await camera.close();
      }
    });
  }

  it('is closed with 200 connections open when its listener is deleted, and leaves nothing behind', async () => {
    const clients = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const client = new Client(`http://127.0.0.1:${port}`);
        const reply = await client.request({ method: 'POST', path: '/API', body: '' });
        await reply.body.dump();
        return client;
      }),
    );
    should(await countResources('TCPServerWrap')).equal(2);
    const closed = clients.map((client) => new Promise((resolve) => client.once('disconnect', resolve)));
    await nodeRed.deploy([]);
    await Promise.all(closed);
    await Promise.all(clients.map((client) => client.destroy()));
    await should(fetch(`http://127.0.0.1:${port}/API`)).rejected();
    // Node-RED's own server, and the connections of this test to it
    should(await countResources('TCPServerWrap')).equal(1);
    should(await countResources('TCPSocketWrap')).be.below(5);
  });
});
