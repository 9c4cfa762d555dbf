/** What the listener writes down for people, and what it must not. */
import type { IncomingMessage } from 'node:http';
import should from 'should';
import { TransportError } from '../../src/errors';
import { hideSecrets, Ledger } from '../../src/http/ledger';
import { makePost, startMs } from '../support/events';

const error = new TransportError('path-unknown', 'no node listens there');
const request = (url: string): IncomingMessage => ({ method: 'POST', url }) as IncomingMessage;

describe('the ledger of a listener', () => {
  it('counts what was accepted, and knows the last caller of each path', () => {
    const ledger = new Ledger();
    ledger.accept(makePost('12345', { path: '/API' }));
    ledger.accept(makePost('123', { path: '/API', address: '192.0.2.42' }));
    ledger.accept(makePost('', { path: '/door' }));
    should(ledger).have.properties({ accepted: 3, bytes: 8 });
    should(ledger.callers.get('/API')).have.property('address', '192.0.2.42');
    should(ledger.callers.size).equal(2);
  });

  it('knows fifty paths at most, where a node takes any', () => {
    const ledger = new Ledger();
    for (let count = 0; count < 1000; count++) ledger.accept(makePost('', { path: `/${count}` }));
    should(ledger.callers.size).equal(50);
    should(ledger.callers.has('/999')).equal(true);
  });

  it('keeps the last twenty refused requests, newest first, and counts them all by reason', () => {
    const ledger = new Ledger();
    for (let count = 0; count < 30; count++) ledger.refuse(request(`/${count}`), '192.0.2.1', error, startMs + count);
    should(ledger.requests.map(({ target }) => target)).deepEqual(
      Array.from({ length: 20 }, (_, count) => `/${29 - count}`),
    );
    should(ledger.requests[0]).have.properties({ method: 'POST', address: '192.0.2.1', reason: 'path-unknown' });
    should(ledger.refused).deepEqual({ 'path-unknown': 30 });
  });

  it('keeps two kilobytes of a body, however that comes', () => {
    const ledger = new Ledger();
    const more = ledger.refuse(request('/a'), '192.0.2.1', error, startMs);
    for (let count = 0; count < 100; count++) more(Buffer.from('x'.repeat(100)));
    should(ledger.requests[0]?.excerpt).equal('x'.repeat(2048));
    ledger.rubbish('192.0.2.1', error, startMs, Buffer.alloc(5000, 'y'));
    should(ledger.requests[0]?.excerpt).equal('y'.repeat(2048));
    ledger.unread(makePost('z'.repeat(5000), { query: 'q=1' }), error);
    should(ledger.requests[0]).have.properties({ excerpt: 'z'.repeat(2048), target: '/API?q=1' });
    ledger.refuse(request(`/${'p'.repeat(9000)}`), '192.0.2.1', error, startMs);
    should(ledger.requests[0]?.target).have.length(2048);
  });

  it('shows none of the secrets that it knows, wherever they stand', () => {
    const ledger = new Ledger();
    ledger.secrets = ['s3cr3t/wörd', 'other'];
    const target = `/API/${encodeURIComponent('s3cr3t/wörd')}`;
    ledger.refuse(
      request(target),
      '192.0.2.1',
      new TransportError('x', 'what s3cr3t/wörd is'),
      startMs,
    )(Buffer.from('<a>s3cr3t/wörd other s3cr3t/wörd</a>'));
    should(ledger.requests[0]).have.properties({
      target: '/API/•••',
      message: 'what ••• is',
      excerpt: '<a>••• ••• •••</a>',
    });
  });

  it('shows nothing of a secret that stands where the excerpt is cut', () => {
    const ledger = new Ledger();
    ledger.secrets = ['0123456789'.repeat(10)];
    ledger.unread(makePost(`${'x'.repeat(2000)}${ledger.secrets[0]}`), error);
    should(ledger.requests[0]?.excerpt).equal(`${'x'.repeat(2000)}•••`);
  });

  it('shows no user and password of a target', () => {
    const ledger = new Ledger();
    ledger.refuse(request('http://cam:s3cr3t@192.0.2.9/API?x=a@b'), '192.0.2.1', error, startMs);
    should(ledger.requests[0]?.target).equal('http://192.0.2.9/API?x=a@b');
  });
});

describe('a text without its secrets', () => {
  for (const [text, shown] of [
    ['/API?token=abc&x=1', '/API?token=•••&x=1'],
    ['/API?x=1&api_key=abc', '/API?x=1&api_key=•••'],
    ['user=me&password=a%20b&z=2', 'user=me&password=•••&z=2'],
    ['{"password":"a\\"b","x":1}', '{"password":"•••","x":1}'],
    ['{"x":1,"clientSecret" : "abc', '{"x":1,"clientSecret" : "•••"'],
    ['{"accessToken": 12345}', '{"accessToken": "•••"}'],
    ['<password>abc</password>', '<password>•••</password>'],
    ['<ns:passWord type="string">abc</ns:passWord>', '<ns:passWord type="string">•••</ns:passWord>'],
    ['<password><![CDATA[a<b]]></password>', '<password><![CDATA[•••]]></password>'],
    ['<password>cut o', '<password>•••'],
    ['POST /API HTTP/9\r\nAuthorization: Basic abc\r\nHost: x', 'POST /API HTTP/9\r\nAuthorization: •••\r\nHost: x'],
    ['Cookie: a=b\nX-My-Token : abc', 'Cookie: •••\nX-My-Token : •••'],
    ['<plate>ABC 123</plate>', '<plate>ABC 123</plate>'],
    ['/API?plate=token', '/API?plate=token'],
  ] as const) {
    it(`is ${shown}`, () => {
      should(hideSecrets(text, [])).equal(shown);
    });
  }

  it('is made in a moment of what was sent to be slow', () => {
    const start = process.cpuUsage();
    for (const part of ['pass', '<pass', '"token', '&auth', '<password><![CDATA[', 'a.', '"secret":"\\']) {
      hideSecrets(part.repeat(2048 / part.length), ['x']);
    }
    should(process.cpuUsage(start).user / 1000).be.below(1000);
  });
});
