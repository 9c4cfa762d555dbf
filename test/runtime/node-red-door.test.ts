/** Node-RED's own web server as the door, at its default settings, in a real Node-RED. */
import should from 'should';
import { startNodeRed, type NodeRed } from '../../demo/node-red';
import { nodeId, Witness, writeFlow } from '../support/runtime';

const plate = (id: number): string =>
  `<config version="1.7"><smartType>VEHICE</smartType><currentTime>${Date.now()}${String(id).padStart(3, '0')}</currentTime>
  <mac>02:00:5e:30:00:01</mac><listInfo><item><plateNumber>N ${id}</plateNumber></item></listInfo></config>`;

const post = (url: string, body: string, type = 'application/xml; charset=utf-8'): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': type }, body });

describe("viewtron-in on Node-RED's own web server", function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  const witness = new Witness();
  const isEvent = (sent: { node: string }): boolean => sent.node === nodeId;

  before(async () => {
    nodeRed = await startNodeRed({ flows: writeFlow({ door: 'nodered' }), onSent: witness.onSent });
  });
  after(() => nodeRed.stop());

  it('takes XML as cameras and recorders send it', async () => {
    for (const type of ['application/xml; charset=utf-8', 'application/soap+xml; charset=utf-8']) {
      const before = witness.sent.filter(isEvent).length;
      const reply = await post(`${nodeRed.url}/API`, plate(before), type);
      should(reply.status).equal(200);
      should(reply.headers.get('content-type')).equal('application/xml');
      should(await reply.text()).match(/success/);
      await witness.wait(before + 1, isEvent);
    }
  });

  it('leaves other paths to the editor', async () => {
    should((await fetch(`${nodeRed.url}/settings`)).status).equal(200);
    should((await fetch(`${nodeRed.url}/`)).headers.get('content-type')).match(/html/);
  });

  it('tells the dialog what came and what was dropped', async () => {
    const report = (id: string): Promise<Response> => fetch(`${nodeRed.url}/security-events/viewtron-in/${id}/report`);
    should((await report('0123456789abcdef')).status).equal(404);
    const same = plate(77);
    await post(`${nodeRed.url}/API`, same);
    await post(`${nodeRed.url}/API`, same);
    const told = (await (await report(nodeId)).json()) as Record<string, unknown>;
    should(told).have.properties({ listening: '/API', dropped: { duplicate: 1 } });
    should(told.lastEvent).have.property('summary', 'N 77');
    should(told.devices).have.length(1);
  });

  it('keeps working after twenty deploys, remembers its devices, and goes when it is deleted', async () => {
    const same = plate(88);
    await post(`${nodeRed.url}/API`, same);
    for (let deploy = 0; deploy < 20; deploy++)
      await nodeRed.deploy(writeFlow({ door: 'nodered' }, { name: `n${deploy}` }));
    const before = witness.sent.filter(isEvent).length;
    await post(`${nodeRed.url}/API`, same);
    await post(`${nodeRed.url}/API`, plate(89));
    const events = await witness.wait(before + 1, isEvent);
    should(events).have.length(before + 1);
    await nodeRed.deploy([]);
    should((await post(`${nodeRed.url}/API`, plate(90))).status).equal(404);
  });
});

describe('viewtron-in where Node-RED was set up otherwise', function () {
  this.timeout(60_000);

  it('works below httpNodeRoot, after the middleware of the settings', async () => {
    const witness = new Witness();
    const nodeRed = await startNodeRed({
      flows: writeFlow({ door: 'nodered' }),
      settings: { httpAdminRoot: '/admin', httpNodeRoot: '/hooks' },
      settingsCode: `settings.httpNodeMiddleware = (req, res, next) => {
        if (req.headers['x-stranger']) res.status(403).end(); else next();
      };`,
      onSent: witness.onSent,
    });
    should((await post(`${nodeRed.url}/hooks/API`, plate(1))).status).equal(200);
    await witness.wait(1, (sent) => sent.node === nodeId);
    const stranger = { method: 'POST', headers: { 'x-stranger': '1' }, body: plate(2) };
    should((await fetch(`${nodeRed.url}/hooks/API`, stranger)).status).equal(403);
    await nodeRed.stop();
  });

  it('says so where nodes may not serve the web, or a path would take everything', async () => {
    const witness = new Witness();
    const isError = (sent: { type: string }): boolean => sent.type === 'catch';
    const off = await startNodeRed({
      flows: writeFlow({ door: 'nodered' }),
      settingsCode: 'settings.httpNodeRoot = false;',
      onSent: witness.onSent,
    });
    await witness.wait(1, isError);
    await off.deploy(writeFlow({ door: 'nodered' }, { path: '*' }));
    await witness.wait(2, isError);
    await off.stop();
  });
});
