/** The last scenes of cameras, which presence dialogs draw on: whatever flows give for a picture. */
import type { NodeAPI } from 'node-red';
import should from 'should';
import { offerScenePictures, type ScenePictures } from '../../nodes/viewtron/scene-pictures';
import type { Image } from '../../src/event';
import { makeJpeg } from '../support/events';

interface Response {
  set(headers: Readonly<Record<string, string>>): Response;
  status(code: number): Response;
  json(body: unknown): void;
  send(body: unknown): void;
}
type Handler = (request: { readonly query: Readonly<Record<string, string>> }, response: Response) => void;

describe('the last scene of a camera', () => {
  const handlers = new Map<string, Handler>();
  let scenes: ScenePictures;

  beforeEach(() => {
    const httpAdmin = { get: (path: string, _guard: unknown, handler: Handler) => void handlers.set(path, handler) };
    const RED: unknown = { httpAdmin, auth: { needsPermission: () => undefined } };
    scenes = offerScenePictures(RED as NodeAPI, 'presence');
  });

  const keep = (data: Image['data'], mimeType: string, id = 'gate'): void =>
    scenes.keep('n', {
      device: { id },
      time: '2031-02-03T04:05:06.000Z',
      image: { role: 'scene', data, mimeType },
    });

  function ask(key = 'gate'): { code: number; headers: Readonly<Record<string, string>>; body: unknown } {
    const told = { code: 200, headers: {}, body: undefined as unknown };
    const response: Response = {
      set: (headers) => (Object.assign(told, { headers }), response),
      status: (code) => (Object.assign(told, { code }), response),
      json: (body) => void (told.body = body),
      send: (body) => void (told.body = body),
    };
    handlers.get('/security-events/presence-scenes/picture')?.({ query: { key } }, response);
    return told;
  }

  it('is shown as what its bytes are, from a Buffer, base64 or a data URL', () => {
    const jpeg = makeJpeg(160, 90);
    const base64 = jpeg.toString('base64');
    for (const data of [jpeg, base64, `data:image/gif;base64,${base64}`]) {
      keep(data, 'image/gif');
      const { code, headers, body } = ask();
      should(code).equal(200);
      should(headers).containEql({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' });
      should(jpeg.equals(body as Buffer)).be.true();
    }
  });

  it('is not shown where it is no picture, whatever it is called, or of no camera', () => {
    keep(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'image/jpeg');
    should(ask().code).equal(404);
    should(ask('yard').code).equal(404);
  });

  it('is kept of the last cameras only, and not where it is larger than any camera sends', () => {
    for (let camera = 0; camera < 20; camera++) keep(makeJpeg(160, 90), 'image/jpeg', `cam${camera}`);
    should(ask('cam3').code).equal(404);
    should(ask('cam4').code).equal(200);
    keep(Buffer.concat([makeJpeg(160, 90), Buffer.alloc(5_000_000)]), 'image/jpeg');
    should(ask().code).equal(404);
    scenes.forget('n');
    should(ask('cam4').code).equal(404);
  });
});
