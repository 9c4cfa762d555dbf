/** A secret that is renewed while its node runs: nothing is refused, a restart forgets nothing, and nobody is told. */
import { createHmac } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import { createUserDir, findFreePort, startNodeRed, type NodeRed } from '../../demo/node-red';
import { deliver } from '../../simulators/pdk/sender';
import { Arrivals } from '../support/http-recorder';
import { untilListening, writeFlow } from '../support/runtime';

const webhookId = 'b0000000000000aa';
const [first, second, third] = ['the-first-secret-11', 'the-second-secret-22', 'the-third-secret-33'];

/** What the part of this test says that runs inside Node-RED. */
interface Told {
  readonly signature?: string;
  readonly webhook?: Readonly<Record<string, unknown>>;
  readonly failed?: { readonly code: string; readonly message: string };
}

/** Secrets are told by their digests: what this process is sent is searched, too. */
const digest = (secret: string): string => createHmac('sha256', 'test').update(secret).digest('hex');

const settingsCode = `
const { createHmac } = require('node:crypto');
const paths = [process.argv[1]];
const { hooks } = require(require.resolve('@node-red/util', { paths }));
hooks.add('onSend.pdk-test', (sent) => {
  for (const { msg } of sent) if (msg.payload && msg.payload.signature) process.send({ signature: msg.payload.signature });
});
const digest = (secret) => secret && createHmac('sha256', 'test').update(secret).digest('hex');
let undo;
process.on('message', async ({ find, renew, graceMs, takeBack }) => {
  const { _: runtime } = require(require.resolve('@node-red/runtime', { paths }));
  const { findWebhookIn } = require(${JSON.stringify(join(__dirname, '..', '..', 'dist', 'nodes', 'pdk', 'webhook-node.js'))});
  try {
    const webhook = findWebhookIn(runtime, find);
    if (renew !== undefined) undo = await webhook.renewSecret(renew, graceMs);
    if (takeBack) await undo();
    const { isListening, urlPath, topics, acceptsUnsigned, access, secrets } = webhook;
    const hasUser = access.basic !== undefined && access.basic.user === 'pdk';
    const told = { isListening, urlPath, topics, acceptsUnsigned, hasUser };
    process.send({ webhook: { ...told, current: digest(secrets.current), previous: digest(secrets.previous) } });
  } catch ({ code, message }) {
    process.send({ failed: { code, message } });
  }
});
`;

describe('a secret that is renewed while its node runs', function () {
  this.timeout(60_000);
  const userDir = createUserDir();
  let nodeRed: NodeRed;
  let port: number;
  const told = new Arrivals<Told>();
  const logs: string[] = [];

  const flow = (credentials?: object): readonly object[] => [
    ...writeFlow({ port }, { path: '/cameras' }),
    {
      id: webhookId,
      type: 'pdk-webhook-in',
      z: 'c000000000000001',
      version: 1,
      listener: 'a000000000000001',
      path: '/pdk/renewed',
      topics: 'door.*, ou.updated',
      ...(credentials && { credentials }),
      wires: [['d000000000000002']],
    },
  ];
  const start = async (): Promise<void> => {
    const credentials = { [webhookId]: { secret: first, user: 'pdk', password: 'basic-44' } };
    nodeRed = await startNodeRed({
      flows: flow(),
      credentials,
      settingsCode,
      userDir,
      onTold: (each) => told.add(each as Told),
    });
    await untilListening(nodeRed);
  };
  const ask = async (question: object): Promise<Told> => {
    const before = told.items.length;
    const answers = (): Told[] => told.items.slice(before).filter(({ signature }) => signature === undefined);
    nodeRed.tell({ find: webhookId, ...question });
    while (answers().length === 0) await told.until(told.items.length + 1);
    return answers()[0] ?? {};
  };
  let events = 0;
  /** The answer, and which secret the event says that it was signed with. */
  const send = async (
    secret: string,
  ): Promise<readonly [status: number | undefined, signature: string | undefined]> => {
    const before = told.items.length;
    events += 1;
    const message = { topic: 'door.alarm.forced', panelId: '1A', id: `event ${events}`, body: {} };
    const basic = { user: 'pdk', password: 'basic-44' };
    const delivery = await deliver(message, { url: `http://127.0.0.1:${port}/pdk/renewed`, secret, basic });
    if (delivery?.status !== 200) return [delivery?.status, undefined];
    while (told.items.slice(before).every(({ signature }) => signature === undefined))
      await told.until(told.items.length + 1);
    return [200, told.items.slice(before).find(({ signature }) => signature !== undefined)?.signature];
  };

  before(async () => {
    port = await findFreePort(0);
    await start();
  });
  after(async () => {
    await nodeRed?.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  it('is seen with all that a subscription needs to know of its node', async () => {
    should((await ask({})).webhook).deepEqual({
      isListening: true,
      urlPath: '/pdk/renewed',
      topics: ['door.*', 'ou.updated'],
      acceptsUnsigned: false,
      hasUser: true,
      current: digest(first),
      previous: '',
    });
  });

  it('is not found where there is no such node, with words that say what to do', async () => {
    for (const find of ['', 'ffffffffffffffff', 'b000000000000001']) {
      const { failed } = await ask({ find });
      should(failed?.code).equal('webhook-missing');
      should(failed?.message).match(/choose one/);
    }
  });

  it('counts at once, and the one before goes on counting', async () => {
    should((await ask({ renew: second })).webhook).have.properties({
      current: digest(second),
      previous: digest(first),
    });
    should(await send(second)).deepEqual([200, 'current']);
    should(await send(first)).deepEqual([200, 'previous']);
    should(await send(third)).deepEqual([401, undefined]);
  });

  it('can be taken back where PDK has not taken it', async () => {
    await ask({ renew: third });
    should(await send(third)).deepEqual([200, 'current']);
    await ask({ takeBack: true });
    should(await send(third)).deepEqual([401, undefined]);
    should(await send(first)).deepEqual([200, 'previous']);
  });

  it('is refused where PDK would not take it, and the present one stays', async () => {
    for (const renew of ['', 'x'.repeat(256)]) should((await ask({ renew })).failed?.code).equal('setting-invalid');
    should(await send(second)).deepEqual([200, 'current']);
  });

  it('outlives a restart without a Deploy, and a Deploy after that', async () => {
    logs.push(nodeRed.log());
    await nodeRed.stop();
    await start();
    should(await send(second)).deepEqual([200, 'current']);
    should(await send(first)).deepEqual([200, 'previous']);
    await nodeRed.deploy(flow());
    await untilListening(nodeRed);
    should(await send(second)).deepEqual([200, 'current']);
    should(await send(first)).deepEqual([200, 'previous']);
  });

  it('is not believed any more when its time is over', async () => {
    await ask({ renew: third, graceMs: 0 });
    should(await send(third)).deepEqual([200, 'current']);
    should(await send(second)).deepEqual([401, undefined]);
  });

  it('gives way to what a person puts into the dialog', async () => {
    await nodeRed.deploy(flow({ secret: 'from-the-dialog-55', previousSecret: '' }));
    await untilListening(nodeRed);
    should(await send('from-the-dialog-55')).deepEqual([200, 'current']);
    should(await send(third)).deepEqual([401, undefined]);
  });

  it('is written down nowhere in the clear, and told nobody', async () => {
    const flows = await (await fetch(`${nodeRed.url}/flows`)).text();
    const report = await (await fetch(`${nodeRed.url}/security-events/pdk-webhook-in/${webhookId}/report`)).text();
    const kept = ['.config.runtime.json', 'flows.json', 'flows_cred.json'].map((file) =>
      readFileSync(join(userDir, file), 'utf8'),
    );
    should(kept[0]).containEql('securityEventsSafe');
    const all = [flows, report, ...kept, ...logs, nodeRed.log(), JSON.stringify(told.items)].join('\n');
    for (const secret of [first, second, third, 'from-the-dialog-55', 'basic-44']) should(all).not.containEql(secret);
  });
});

describe("a webhook node on Node-RED's own web server", function () {
  this.timeout(60_000);

  it('says the whole path that PDK must call', async () => {
    const told = new Arrivals<Told>();
    const flows = [
      ...writeFlow({ door: 'nodered' }, { path: '/cameras' }),
      {
        id: webhookId,
        type: 'pdk-webhook-in',
        z: 'c000000000000001',
        listener: 'a000000000000001',
        path: '/pdk/below',
        wires: [['d000000000000002']],
      },
    ];
    const nodeRed = await startNodeRed({
      flows,
      credentials: { [webhookId]: { secret: first } },
      settings: { httpNodeRoot: '/hooks' },
      settingsCode,
      onTold: (each) => told.add(each as Told),
    });
    try {
      nodeRed.tell({ find: webhookId });
      await told.until(1);
      const { urlPath, topics } = told.items[0]?.webhook ?? {};
      should([urlPath, topics]).deepEqual(['/hooks/pdk/below', ['*']]);
      const message = { topic: 'door.alarm.forced', panelId: '1A', id: '1', body: {} };
      const delivery = await deliver(message, { url: `${nodeRed.url}${String(urlPath)}`, secret: first });
      should(delivery?.status).equal(200);
    } finally {
      await nodeRed.stop();
    }
  });
});
