/** Previews of all nodes that have one, in a real Node-RED with users and a root of its own for the editor. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import should from 'should';
import { findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { DeviceApi } from '../../simulators/viewtron/api/device-api';
import { Camera } from '../../simulators/viewtron/camera';
import { nodeId, writeFlow } from '../support/runtime';

const { hashSync } = createRequire(require.resolve('node-red'))('bcryptjs') as { hashSync: (text: string) => string };

const ids = {
  'viewtron-in': nodeId,
  'viewtron-presence': 'b0000000000000e1',
  'viewtron-config-out': 'b0000000000000e2',
  'camio-callback-in': 'b0000000000000e3',
};
const deviceId = 'a0000000000000d1';
const device = { user: 'admin', password: 'gate-Way 7' };
const hookKey = 'hook-key-of-this-test-0123456789';
const users = [
  { username: 'admin', password: hashSync('admin'), permissions: '*' },
  { username: 'reader', password: hashSync('reader'), permissions: 'read' },
  { username: 'other', password: hashSync('other'), permissions: 'flows.read' },
];

describe('previews in Node-RED', function () {
  this.timeout(60_000);
  let nodeRed: NodeRed;
  let port: number;
  let api: DeviceApi;
  let camera: Camera;
  let hooks = 0;
  const tokens = new Map<string, string>();

  const flow = (preview: boolean): readonly object[] => {
    const place = { z: 'c000000000000001', x: 100, y: 100, preview };
    const { 'viewtron-presence': presence, 'viewtron-config-out': out, 'camio-callback-in': camio } = ids;
    const nodes = writeFlow({ port }, { preview, pictures: 'none' }).map((node) =>
      'id' in node && node.id === nodeId ? { ...node, wires: [[presence, out]] } : node,
    );
    return [
      ...nodes,
      { id: presence, type: 'viewtron-presence', ...place, wires: [[], [], [], [], []] },
      { id: out, type: 'viewtron-config-out', ...place, device: deviceId, action: 'snapshot', wires: [[]] },
      {
        id: camio,
        type: 'camio-callback-in',
        ...place,
        listener: 'a000000000000001',
        path: '/camio',
        credentials: { hookKey },
        wires: [[]],
      },
      {
        id: deviceId,
        type: 'viewtron-device',
        host: '127.0.0.1',
        port: String(api.port),
        name: 'Gate',
        credentials: device,
      },
    ];
  };

  const ask = (path: string, user?: string): Promise<Response> => {
    const token = user === undefined ? undefined : tokens.get(user);
    return fetch(`${nodeRed.url}/admin/security-events/${path}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  };
  const previewOf = async (type: string): Promise<Response> =>
    ask(`${type}/${ids[type as keyof typeof ids]}/preview`, 'reader');
  const until = async (type: string, status: number): Promise<Response> => {
    for (;;) {
      const reply = await previewOf(type);
      if (reply.status === status) return reply;
      await reply.arrayBuffer();
    }
  };
  const deploy = async (flows: readonly object[]): Promise<void> => {
    const reply = await fetch(`${nodeRed.url}/admin/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.get('admin') ?? ''}` },
      body: JSON.stringify(flows),
    });
    should(reply.status).equal(204);
  };
  const listening = async (): Promise<void> => {
    for (let state: unknown; state !== 'listening';) {
      const reply = await ask('security-listener/a000000000000001/report', 'admin');
      ({ state } = (await reply.json()) as { state?: unknown });
    }
  };
  const act = async (): Promise<void> => {
    await camera.intruded();
    hooks += 1;
    const sample = readFileSync(join(__dirname, '..', 'samples', 'camio', 'hook-call.body'), 'utf8');
    // another video: what comes a second time is dropped
    const body = sample.replaceAll('callback/EXAMPLE', `callback/EXAMPLE-${hooks}`);
    const headers = { 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${port}/camio/${hookKey}`;
    should((await fetch(url, { method: 'POST', headers, body })).status).equal(200);
  };

  before(async () => {
    port = await findFreePort(0);
    api = await new DeviceApi({
      name: 'Gate cam',
      model: 'LPR-IP4',
      mac: '02:00:5E:10:00:43',
      serial: 'DEMO00A1B2C4',
      manner: '2.1',
      channels: 1,
      guard: { ...device, scheme: 'basic' },
    }).open();
    const identity = { name: 'Yard cam', mac: '02:00:5e:10:00:41', serial: 'DEMO00A1B2C3', ip: '192.0.2.41' };
    camera = new Camera({ ...identity, host: '127.0.0.1', port, path: '/API', firmware: '5.3.1', heartbeatSeconds: 0 });
    nodeRed = await startNodeRed({
      settings: { adminAuth: { type: 'credentials', users }, httpAdminRoot: '/admin' },
    });
    for (const { username, permissions: scope } of users) {
      const form = { client_id: 'node-red-editor', grant_type: 'password', scope, username, password: username };
      const reply = await fetch(`${nodeRed.url}/admin/auth/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      tokens.set(username, ((await reply.json()) as { access_token: string }).access_token);
    }
  });

  after(async () => {
    await camera?.close();
    await nodeRed?.stop();
    await api?.close();
  });

  it('are not there where they are off', async () => {
    await deploy(flow(false));
    await listening();
    await act();
    for (const type of Object.keys(ids)) should((await previewOf(type)).status).equal(404, type);
  });

  it('show what each node had last, to those who may read its type', async () => {
    await deploy(flow(true));
    await listening();
    await act();
    for (const [type, mime, width] of [
      ['viewtron-in', 'image/jpeg', 1280],
      ['viewtron-presence', 'image/svg+xml', 1600],
      ['viewtron-config-out', 'image/jpeg', 320],
      ['camio-callback-in', 'image/jpeg', undefined],
    ] as const) {
      const path = `${type}/${ids[type]}/preview`;
      const sight = (await (await until(type, 200)).json()) as { seq: number; picture: object; boxes: object[] };
      should(sight.picture).containEql({ type: mime, ...(width && { width }) });
      should(sight.boxes).have.length(type === 'viewtron-in' ? 1 : 0);
      const reply = await ask(`${path}/${sight.seq}`, 'reader');
      should(reply.headers.get('content-type')).startWith(mime);
      should(reply.headers.get('x-content-type-options')).equal('nosniff');
      should(reply.headers.get('content-security-policy')).match(/sandbox/);
      should((await reply.arrayBuffer()).byteLength).be.above(500);
      for (const of of [path, `${path}/${sight.seq}`]) {
        should((await ask(of)).status).equal(401);
        should((await ask(of, 'other')).status).equal(401);
        should((await ask(of, 'admin')).status).equal(200);
      }
    }
  });

  it('go with their nodes', async () => {
    await deploy(flow(true));
    await listening();
    for (const type of Object.keys(ids)) should((await previewOf(type)).status).equal(200, type);
    await deploy(writeFlow({ port }).slice(0, 2));
    for (const type of Object.keys(ids)) await until(type, 404);
  });
});
