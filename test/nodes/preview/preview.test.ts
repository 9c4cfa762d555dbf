/** What is kept, told and served of nodes' last pictures: over a real server, by a clock that the test turns. */
import { EventEmitter, once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Node, NodeAPI } from 'node-red';
import should from 'should';
import { toDrawing } from '../../../nodes/preview/picture';
import { offerPreviews, previewTopic, type Preview, type Previews } from '../../../nodes/preview/preview';
import type { Image } from '../../../src/event';
import { makeEvent, makeJpeg, startMs } from '../../support/events';
import { FakeClock } from '../../support/fake-clock';

const express = createRequire(require.resolve('node-red'))('express') as () => RequestListener & {
  get(...about: readonly unknown[]): void;
};

interface Told {
  readonly id: string;
  readonly seq: number;
}

describe('the preview of a node', () => {
  let clock: FakeClock;
  let events: EventEmitter;
  let previews: Previews;
  let server: Server;
  let url: string;
  let told: Told[];
  let guards: string[];
  let isAllowed: boolean;

  beforeEach(async () => {
    clock = new FakeClock(startMs);
    events = new EventEmitter();
    told = [];
    guards = [];
    isAllowed = true;
    const httpAdmin = express();
    const RED = {
      httpAdmin,
      events,
      auth: {
        needsPermission: (permission: string) => {
          guards.push(permission);
          return (_request: unknown, response: { sendStatus(status: number): void }, next: () => void) =>
            isAllowed ? next() : response.sendStatus(401);
        },
      },
      comms: {
        publish: (topic: string, data: Told, retain: boolean) => {
          should([topic, retain]).eql([previewTopic, false]);
          told.push(data);
        },
      },
      log: { error: (error: unknown) => should(error).be.undefined() },
    };
    previews = offerPreviews(RED as unknown as NodeAPI, 'viewtron-in', clock);
    server = createServer(httpAdmin).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/security-events/viewtron-in`;
  });

  afterEach(() => void server.close());

  const open = (id = 'n', def: object = { preview: true }): Preview =>
    previews.open({ id } as Node, { id, type: 'viewtron-in', name: '', z: 't', ...def });
  const scene = (data: Image['data'], role: Image['role'] = 'scene'): Image => ({ role, data, mimeType: 'text/html' });
  const look = (preview: Preview, data: Image['data'] = makeJpeg(40, 30)) =>
    preview.look(makeEvent({ images: [scene(data)] }), 'buffer');
  const ask = async (
    id = 'n',
    more = '',
  ): Promise<{ status: number; body: Record<string, unknown>; head: Headers }> => {
    const reply = await fetch(`${url}/${id}/preview${more}`);
    return { status: reply.status, body: (await reply.json()) as Record<string, unknown>, head: reply.headers };
  };
  const restart = (): void => {
    events.emit('flows:stopping');
    events.emit('flows:started');
  };

  it('is what the last event saw, told without a pixel and served with its type', async () => {
    const jpeg = makeJpeg(40, 30);
    const event = makeEvent({
      images: [scene(jpeg), scene(makeJpeg(8, 8), 'target')],
      targets: [{ type: 'person', box: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 } }],
    });
    should(open().look(event, 'buffer')).equal(event);
    should(told).eql([{ id: 'n', seq: startMs }]);
    const { status, body, head } = await ask();
    should(status).equal(200);
    should(body).eql({
      seq: startMs,
      time: new Date(startMs).toISOString(),
      caption: 'area-entered · person · Yard cam',
      boxes: [{ type: 'person', label: 'person', x: 0.25, y: 0.25, width: 0.5, height: 0.5 }],
      shapes: [],
      picture: { type: 'image/jpeg', width: 40, height: 30 },
    });
    should(head.get('cache-control')).equal('no-store');

    const picture = await fetch(`${url}/n/preview/${startMs}`);
    should(Buffer.from(await picture.arrayBuffer()).equals(jpeg)).be.true();
    should(picture.headers.get('content-type')).equal('image/jpeg');
    should(picture.headers.get('x-content-type-options')).equal('nosniff');
    should(picture.headers.get('content-security-policy')).match(/default-src 'none'.*sandbox/);
    should(picture.headers.get('cache-control')).equal('no-store');
  });

  it('is served to those who may read nodes of that type, and to nobody else', async () => {
    look(open());
    should(guards).eql(['viewtron-in.read']);
    isAllowed = false;
    for (const path of ['/n/preview', `/n/preview/${startMs}`]) should((await fetch(url + path)).status).equal(401);
  });

  it('changes twice a second at most, and ends with the last', async () => {
    const preview = open();
    const [others, last] = [makeJpeg(8, 8), makeJpeg(48, 8)];
    for (let step = 0; step < 41; step++) {
      look(preview, step === 40 ? last : others);
      clock.advance(50);
    }
    // at 0, 500, 1000, 1500 and 2000 ms
    should(told).have.length(5);
    clock.advance(500);
    should(told).have.length(6);
    should((await ask()).body.picture).containEql({ width: 48 });
    should(told.at(-1)?.seq).equal((await ask()).body.seq);
    clock.advance(500);
    should(clock.running).equal(0);
    look(preview);
    should(told).have.length(7);
  });

  it('keeps picture and boxes of one moment together', async () => {
    const preview = open();
    look(preview, makeJpeg(10, 10));
    const { seq } = (await ask()).body;
    look(preview, makeJpeg(20, 20));
    const picture = await fetch(`${url}/n/preview/${String(seq)}`);
    should(Buffer.from(await picture.arrayBuffer()).equals(makeJpeg(10, 10))).be.true();
    clock.advance(500);
    should((await ask('n', `/${String(seq)}`)).status).equal(404);
  });

  it('draws the boxes of all events of one picture', async () => {
    const preview = open();
    const jpeg = makeJpeg(40, 30);
    for (const x of [0.1, 0.5])
      preview.look(
        makeEvent({
          images: [scene(jpeg)],
          targets: [{ type: 'person', box: { x, y: 0, width: 0.1, height: 0.1 } }],
        }),
        'buffer',
      );
    clock.advance(500);
    should((await ask()).body.boxes).have.length(2);
    look(preview);
    clock.advance(500);
    should((await ask()).body.boxes).eql([]);
  });

  it('shows a cut-out without boxes where there is no scene, and stays where an event has no picture', async () => {
    const preview = open();
    const targets = [{ type: 'plate' as const, box: { x: 0, y: 0, width: 1, height: 1 } }];
    preview.look(makeEvent({ images: [scene(makeJpeg(9, 8), 'target')], targets }), 'buffer');
    preview.look(makeEvent({ targets }), 'buffer');
    clock.advance(500);
    const { body } = await ask();
    should(body.boxes).eql([]);
    should(body.picture).containEql({ width: 9 });
    should(told).have.length(1);
  });

  it('serves nothing that is no picture, and says so', async () => {
    look(open(), Buffer.from('<script>alert(1)</script>'));
    const { body } = await ask();
    should(body.picture).equal(null);
    should((await ask('n', `/${String(body.seq)}`)).status).equal(404);
  });

  it('takes a picture out again where the flow wants none', () => {
    const event = makeEvent({ images: [scene(makeJpeg(8, 8))] });
    const [on, off] = [open(), open('m', { preview: false })];
    should([on.reads('none'), on.reads('base64'), off.reads('none')]).eql(['buffer', 'base64', 'none']);
    should(on.look(event, 'none')).eql({ ...event, images: [] });
    should(off.look(event, 'none')).equal(event);
  });

  it('draws only when somebody looks, and once', async () => {
    let drawn = 0;
    open().showDrawing(() => {
      drawn += 1;
      return toDrawing('<svg xmlns="http://www.w3.org/2000/svg"/>', { width: 16, height: 9 });
    });
    clock.advance(500);
    should(drawn).equal(0);
    const { body } = await ask();
    should(body.picture).eql({ type: 'image/svg+xml', width: 16, height: 9 });
    const reply = await fetch(`${url}/n/preview/${String(body.seq)}`);
    should(reply.headers.get('content-type')).match(/^image\/svg\+xml/);
    should(drawn).equal(1);
  });

  it('costs nothing where it is off: nothing is told, drawn, timed or served', async () => {
    for (const def of [{ preview: false }, {}, { preview: 'true' }]) {
      const preview = open('n', def);
      should(preview.isOn).be.false();
      look(preview);
      preview.showPicture(makeJpeg(8, 8), '');
      preview.showDrawing(() => {
        throw new Error('nobody looks');
      });
      preview.close(false);
    }
    should(told).eql([]);
    should(clock.running).equal(0);
    should((await ask()).status).equal(404);
  });

  it('stays through a Deploy, goes with the node, and goes where it is switched off', async () => {
    let preview = open();
    look(preview);
    preview.close(false);
    look(preview);
    preview = open();
    restart();
    should((await ask()).status).equal(200);
    preview.close(true);
    should((await ask()).status).equal(404);

    preview = open();
    look(preview);
    preview.close(false);
    open('n', { preview: false });
    restart();
    should((await ask()).status).equal(404);
    should(clock.running).equal(0);
  });

  it('is shared by the instances of a subflow, until the last of them is gone', async () => {
    const instance = (id: string): Preview =>
      previews.open({ id, _alias: 'template' } as unknown as Node, {
        id,
        type: 'viewtron-in',
        name: '',
        z: id,
        preview: true,
      });
    const [one, other] = [instance('a'), instance('b')];
    look(one);
    should(told).eql([{ id: 'template', seq: startMs }]);
    one.close(true);
    one.close(true);
    should((await ask('template')).status).equal(200);
    other.close(true);
    should((await ask('template')).status).equal(404);
  });

  it('keeps no picture of a node that was removed', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const preview = open();
    const pictures = [makeJpeg(64, 64), makeJpeg(65, 64)].map((data) => {
      look(preview, data);
      return new WeakRef(data);
    });
    await ask();
    preview.close(true);
    should(preview.isOn).be.true();
    // weak references hold until the turn is over
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    should(pictures.map((picture) => picture.deref() === undefined)).eql([true, true]);
  });
});
