/** What a dialog draws on, asked of a device that may answer anything. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { viewDevice } from '../../nodes/viewtron/device-view';
import { credentials, startFake, stopFakes } from '../vendors/viewtron/device/fake';

describe('the picture of a device in a dialog', () => {
  let server: Server | undefined;
  afterEach(stopFakes);
  afterEach(() => server?.close());

  const view = (port: number) =>
    viewDevice({ host: '127.0.0.1', port: String(port), want: 'picture' }, credentials) as Promise<
      Readonly<Record<string, unknown>>
    >;

  /** A device that answers everything with that. */
  async function answerWith(type: string, body: Buffer | string): Promise<number> {
    const started = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': type, Connection: 'close' }).end(body);
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return (started.address() as AddressInfo).port;
  }

  it('is a data URL of the JPEG that the device sends', async () => {
    const { api } = await startFake();
    const { ok, picture } = await view(api.port);
    should(ok).be.true();
    should(picture).startWith('data:image/jpeg;base64,/9j/');
  });

  const gif = Buffer.from('474946383961010001000000ff002c00000000010001000002003b', 'hex');
  for (const [what, type, body, reason] of [
    ['a GIF', 'image/gif', gif, /not with a JPEG or PNG/],
    [
      'a JPEG by its name only',
      'image/jpeg',
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      /not with a JPEG or PNG/,
    ],
    ['the page where people log in', 'text/html', '<html><body>Log in</body></html>', /holds no picture/],
  ] as const) {
    it(`is none where the device sends ${what}`, async () => {
      const answer = await view(await answerWith(type, body));
      should(answer.ok).be.false();
      should(answer).not.have.property('picture');
      should(answer.error).be.a.String().and.not.containEql(credentials.password);
      should(answer.error).match(reason);
    });
  }
});
