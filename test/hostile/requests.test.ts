/** Request lines, paths, queries and headers of anybody, on a real listener: answered or refused, and the next one is heard. */
import * as fc from 'fast-check';
import should from 'should';
import { findSigner, sign } from '../../src/http/signature';
import { parseChallenges } from '../../src/http/auth';
import { pathOf, splitTarget } from '../../src/http/routes';
import { cases } from '../support/cases';
import { destroyClients, RawClient } from '../support/http-client';
import { closeTestListeners, openTestListener, type TestListener } from '../support/http-listener';

/** What a line of a head may hold without being two. */
const byte = fc
  .integer({ min: 0x20, max: 0xff })
  .filter((code) => code !== 0x7f)
  .map((code) => String.fromCharCode(code));
const line = fc.string({ unit: byte, maxLength: 60 });
const piece = fc.oneof(
  line.map((written) => written.replaceAll(' ', '+')),
  fc.constantFrom('/API', '/api/', '/API/', '//API', '/API?', '/API#', '/%41PI', '/API%00', '/API/..', '/../API', '*'),
  fc.constantFrom('http://192.0.2.1:5050/API', 'HTTP://x/API?a=b', 'http:///API', '//192.0.2.1/API', '?', '#', ''),
);
const target = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));

describe('the target of a request', () => {
  it('has one path and one query, however it is written, and case and the last slash make no difference', () => {
    fc.assert(
      fc.property(target, (written) => {
        const { path, query } = splitTarget(written);
        should(path).not.be.empty();
        should(path).not.match(/[?#]/);
        should(query).not.match(/#/);
        should(written).containEql(query);
        should(pathOf(written)).equal(pathOf(written.replace(/[a-z]+/g, (letters) => letters.toUpperCase())));
        const key = pathOf(path);
        if (path.startsWith('/') && !path.endsWith('/')) should(pathOf(`${path}/?x`)).equal(key);
      }),
      cases(2000),
    );
  });
});

describe('the head of a request', () => {
  let served: TestListener;
  before(async () => {
    served = await openTestListener({
      access: { basic: { user: 'cam', password: 'pass-5150' }, header: { name: 'x-token', value: 'token-5150' } },
    });
  });
  after(async () => {
    destroyClients();
    await closeTestListeners();
  });
  const right = `Authorization: Basic ${Buffer.from('cam:pass-5150').toString('base64')}\r\nX-Token: token-5150\r\n`;
  const name = fc.oneof(
    fc.constantFrom('Authorization', 'X-Token', 'Content-Type', 'Content-Encoding', 'Expect', 'Host', 'Cookie', 'TE'),
    fc.constantFrom('X-Forwarded-For', 'Upgrade', 'Range', 'If-None-Match', '__proto__', 'constructor', 'x_token'),
    fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/),
  );
  const content = fc.oneof(
    line,
    fc.base64String({ maxLength: 40 }).map((pair) => `Basic ${pair}`),
    fc.constantFrom(
      'Basic',
      'basic Og==',
      'Bearer token-5150',
      'token-515',
      'token-5150x',
      '100-continue',
      'gzip',
      'h2c',
    ),
  );
  const headers = fc
    .array(fc.tuple(name, content), { maxLength: 6 })
    .map((lines) => lines.map(([key, said]) => `${key}: ${said}\r\n`).join(''));
  const method = fc.constantFrom('POST', 'POST', 'PUT', 'GET', 'OPTIONS', 'DELETE', 'PATCH', 'PROPFIND');

  /** The whole head in one piece, closed by the server after its answer. */
  async function ask(head: string): Promise<number> {
    const client = new RawClient(served.port);
    client.socket.write(Buffer.from(`${head}Connection: close\r\nContent-Length: 2\r\n\r\nhi`, 'latin1'));
    await client.closed;
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(client.received.toString('latin1'))?.[1] ?? 0);
  }

  it('lets nobody in who does not say both secrets, whatever else he says', async () => {
    await fc.assert(
      fc.asyncProperty(method, target, headers, async (verb, where, said) => {
        const before = served.recorder.posts.items.length;
        const status = await ask(`${verb} ${where} HTTP/1.1\r\nHost: x\r\n${said}`);
        should(status).not.equal(200);
        should(served.recorder.posts.items.length).equal(before);
      }),
      cases(500),
    );
  });

  it('that is right is heard among any others, and its path and query are handed on as they were sent', async () => {
    const query = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
    const others = fc
      .array(fc.tuple(fc.stringMatching(/^x-[a-z]{1,10}-o$/), fc.string({ unit: byte, maxLength: 60 })), {
        maxLength: 6,
      })
      .map((lines) => lines.map(([key, said]) => `${key}: ${said}\r\n`).join(''));
    await fc.assert(
      fc.asyncProperty(query, others, async (asked, said) => {
        const sent = asked.replaceAll('#', '');
        should(await ask(`POST /Api/?${sent} HTTP/1.1\r\nHost: x\r\n${right}${said}`)).equal(200);
        should(served.recorder.posts.items.at(-1)).containEql({ path: '/Api/', query: sent });
      }),
      cases(300),
    );
  });
});

describe('the header of a server that asks who calls', () => {
  it('is read as challenges whatever it holds, and in time', () => {
    const part = fc.oneof(
      line,
      fc.constantFrom('Digest ', 'Basic ', 'nonce="', 'qop=auth', ',', '\\"', '= ', 'realm="x"'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        for (const { scheme, parameters } of parseChallenges(parts.join(''))) {
          should(scheme).match(/^[^\s,="]+$/);
          for (const [key, said] of Object.entries(parameters)) should(`${key}${said}`).be.a.String();
        }
      }),
      cases(1000),
    );
    const start = process.cpuUsage();
    for (const long of ['a='.repeat(20_000), '"'.repeat(40_000), 'Digest a="\\'.repeat(4000), ', '.repeat(20_000)]) {
      parseChallenges(long);
    }
    should(process.cpuUsage(start).user / 1000).be.below(2000);
  });
});

describe('a signature of a stranger', () => {
  const digits = fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefABCDEF')), maxLength: 70 });

  it('is found by its secret alone, and never by what is nearly one', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.constantFrom('sha1' as const, 'sha256' as const),
        fc.oneof(digits, fc.string({ unit: 'binary', maxLength: 70 })),
        fc.nat(),
        (bytes, hash, guess, at) => {
          const body = Buffer.from(bytes);
          should(findSigner(body, guess, ['secret', ''], hash)).be.undefined();
          const made = sign(body, 'secret', hash);
          const place = at % made.length;
          const other = made[place] === '0' ? '1' : '0';
          const near = `${made.slice(0, place)}${other}${made.slice(place + 1)}`;
          should(findSigner(body, near, ['secret', ''], hash)).be.undefined();
          should(findSigner(body, made, ['another', 'secret'], hash)).equal(1);
        },
      ),
      cases(1000),
    );
  });
});
