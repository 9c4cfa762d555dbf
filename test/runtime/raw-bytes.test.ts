/**
 * Node-RED's own web server hands over the bytes as they were sent, at its default settings and at others: signatures hang
 * on that. The editor's API would parse JSON and forms before any node, and answer bad ones with a page of HTML.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import should from 'should';
import { startNodeRed, type NodeRed, type NodeRedOptions } from '../../demo/node-red';
import { nodeId, Witness, writeFlow } from '../support/runtime';

const auth = `Basic ${Buffer.from('cam:a password').toString('base64')}`;
/** How Node-RED's settings hold a password: hashed by a package of Node-RED's own. */
const { hashSync } = createRequire(require.resolve('node-red'))('bcryptjs') as { hashSync: (text: string) => string };

interface Setup {
  readonly about: string;
  readonly root: string;
  readonly settings: NodeRedOptions['settings'];
  readonly headers?: Readonly<Record<string, string>>;
}

const setups: readonly Setup[] = [
  { about: 'at the default settings', root: '', settings: {} },
  {
    about: 'with roots of their own',
    root: '/hooks',
    settings: { httpAdminRoot: '/admin', httpNodeRoot: '/hooks' },
  },
  {
    about: 'with the nodes below the editor',
    root: '/admin/nodes-of-mine',
    settings: { httpAdminRoot: '/admin', httpNodeRoot: '/admin/nodes-of-mine' },
  },
  {
    about: 'with httpNodeAuth',
    root: '',
    settings: { httpNodeAuth: { user: 'cam', pass: hashSync('a password') } },
    headers: { Authorization: auth },
  },
  {
    about: 'with a small apiMaxLength and CORS',
    root: '',
    settings: { apiMaxLength: '1kb', httpNodeCors: { origin: '*' } },
  },
];

const plate = (text: string): string =>
  `<config version="1.7"><smartType>VEHICE</smartType><currentTime>${Date.now()}000</currentTime>
  <mac>02:00:5e:30:00:01</mac><listInfo><item><plateNumber>${text}</plateNumber></item></listInfo></config>`;

/** Bodies that a parser would change, choke on or refuse. */
const bodies: readonly (readonly [about: string, type: string | undefined, body: string])[] = [
  ['JSON', 'application/json', '{"a":1}'],
  ['JSON with a charset', 'application/json; charset=utf-8', '{"a":1}'],
  ['JSON with blanks that matter', 'application/json', ' {\r\n "b" : 1.0,\t"a":"\\u00e9" } \n'],
  ['JSON that is none', 'application/json', '{"a":'],
  ['a form', 'application/x-www-form-urlencoded', 'a=1&a=2+3&b=%zz'],
  ['text', 'text/plain', 'hello'],
  ['bytes of no type', undefined, 'bytes'],
  ['large JSON', 'application/json', JSON.stringify({ a: 'x'.repeat(6_000_000) })],
];

for (const { about, root, settings, headers } of setups) {
  describe(`the bytes of a post on Node-RED's own web server ${about}`, function () {
    this.timeout(60_000);
    let nodeRed: NodeRed;
    let url: string;
    const witness = new Witness();
    const digests: string[] = [];
    let notify = (): void => undefined;

    before(async () => {
      nodeRed = await startNodeRed({
        flows: writeFlow({ door: 'nodered', allow: '127.0.0.1' }),
        settings: { ...settings },
        onSent: witness.onSent,
        // what the receiver is given, as a digest: the middleware of the settings stands right before it
        settingsCode: `
          settings.httpNodeMiddleware = (req, res, next) => {
            const hash = require('node:crypto').createHash('sha256');
            req.on('data', (bytes) => hash.update(bytes)).on('end', () => process.send({ digest: hash.digest('hex') }));
            next();
          };`,
        onTold: (told) => {
          digests.push((told as { digest: string }).digest);
          notify();
        },
      });
      url = `${nodeRed.url}${root}`;
    });
    after(() => nodeRed?.stop());

    const post = (path: string, body: string, type?: string): Promise<Response> =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { ...(type !== undefined && { 'content-type': type }), ...headers },
        // a Buffer, so that no type is made up for a text
        body: Buffer.from(body),
      });
    const isTaken = async (path: string, body: string, type?: string): Promise<void> => {
      const before = digests.length;
      const reply = await post(path, body, type);
      should(reply.status).equal(200);
      should(await reply.text()).match(/<status>success<\/status>/);
      while (digests.length === before) await new Promise<void>((resolve) => (notify = resolve));
      should(digests.at(-1)).equal(createHash('sha256').update(body).digest('hex'));
    };

    for (const [kind, type, body] of bodies) {
      it(`are those that were sent: ${kind}`, () => isTaken('/API', body, type));
    }

    for (const path of ['/api', '/API/', '/Api?x=1', '/aPI/?x=1']) {
      it(`are those that were sent to ${path}`, () => isTaken(path, '{ "a": 1 }', 'application/json'));
    }

    it('become an event whatever their type says', async () => {
      for (const type of ['application/xml', 'application/soap+xml', 'application/json', 'text/html']) {
        const before = witness.sent.filter(({ node }) => node === nodeId).length;
        await post('/API', plate(type), type);
        await witness.wait(before + 1, ({ node }) => node === nodeId);
      }
    });

    it('are refused in small JSON where they are too many', async () => {
      const reply = await post('/API', 'x'.repeat(16 * 1024 * 1024 + 1), 'application/json');
      should(reply.status).equal(413);
      should(((await reply.json()) as { error: string }).error).match(/more than 16384 KB/);
    });

    it('are dealt with at //API as Express does: below a root of its own it takes one of the slashes away', async () => {
      if (root === '') should((await post('//API', '{"a":1}', 'application/json')).status).equal(404);
      else await isTaken('//API', '{ "a": 1 }', 'application/json');
    });

    for (const path of ['/APIx', '/API/x', '///API', '/%41PI']) {
      it(`are nobody's at ${path}`, async () => {
        const before = digests.length;
        should((await post(path, '{"a":1}', 'application/json')).status).equal(404);
        should(digests).have.length(before);
      });
    }

    if (headers !== undefined) {
      it('are not read before Node-RED has asked for user and password', async () => {
        const before = digests.length;
        const reply = await fetch(`${url}/API`, { method: 'POST', body: '{"a":1}' });
        should(reply.status).equal(401);
        should(digests).have.length(before);
      });
    }

    it('leave the editor alone', async () => {
      const admin = `${nodeRed.url}${typeof settings?.httpAdminRoot === 'string' ? settings.httpAdminRoot : ''}`;
      should((await fetch(`${admin}/settings`)).status).equal(200);
      const flows = (await (await fetch(`${admin}/flows`)).json()) as readonly object[];
      should(flows.length).be.above(2);
    });
  });
}

describe('bytes that somebody has taken before us', function () {
  this.timeout(60_000);

  it('are refused, and with a word about who: a wrong body would be worse than none', async () => {
    const witness = new Witness();
    const nodeRed = await startNodeRed({
      flows: writeFlow({ door: 'nodered' }),
      settingsCode: `settings.httpNodeMiddleware = (req, res, next) => req.resume().on('end', next);`,
      onSent: witness.onSent,
    });
    const reply = await fetch(`${nodeRed.url}/API`, { method: 'POST', body: plate('X') });
    should(reply.status).equal(415);
    should(((await reply.json()) as { error: string }).error).match(/middleware of Node-RED's settings/);
    await witness.wait(1, ({ type }) => type === 'catch');
    should(witness.sent.some(({ node }) => node === nodeId)).equal(false);
    await nodeRed.stop();
  });
});
