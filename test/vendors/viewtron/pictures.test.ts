/** Pictures come as the node wants them, with their size, and boxes in pixels need that size. */
import should from 'should';
import type { SecurityEvent } from '../../../src/event';
import type { PictureMode } from '../../../src/vendors/vendor';
import { receive } from '../../../src/vendors/viewtron/receive';
import { makeJpeg, makePost, openOptions, wrapBase64, wrapConfig } from '../../support/events';

const scene = makeJpeg(320, 180);
const crop = makeJpeg(40, 60);
const time = '<currentTime>1927857906123456</currentTime>';

/** A JPEG with 20 KB of Exif before its frame header. */
function addExif(jpeg: Buffer): Buffer {
  const exif = Buffer.alloc(20_000);
  exif.set([0xff, 0xe1]);
  exif.writeUInt16BE(exif.length - 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

function source(jpeg: Buffer | string, size = ''): string {
  const text = typeof jpeg === 'string' ? jpeg : wrapBase64(jpeg, 76, '\r\n');
  return `<sourceDataInfo>${size}<sourceBase64Data><![CDATA[${text}]]></sourceBase64Data></sourceDataInfo>`;
}

function target(jpeg: Buffer, id = '7'): string {
  return `<listInfo><item><targetId>${id}</targetId><targetType>person</targetType><targetImageData><targetBase64Data>${jpeg.toString('base64')}</targetBase64Data></targetImageData></item></listInfo>`;
}

function recorderFace(picture: string): string {
  return `<smartType>videoFaceDetect</smartType>${time}<faceListInfo><item><targetId>1</targetId><rect><x1>80</x1><y1>45</y1><x2>160</x2><y2>90</y2></rect></item></faceListInfo>${picture}`;
}

function eventOf(content: string, pictures: PictureMode = 'buffer'): SecurityEvent {
  const { events, error } = receive(makePost(wrapConfig(content)), { ...openOptions, pictures });
  should(error).be.undefined();
  const [event] = events;
  if (event === undefined) throw new Error('no event');
  return event;
}

describe('the pictures of an event', () => {
  const content = `<smartType>VSD</smartType>${time}${source(scene)}${target(crop)}`;

  it('are Buffers with role, size and target', () => {
    should(eventOf(content).images).deepEqual([
      { role: 'scene', data: scene, mimeType: 'image/jpeg', width: 320, height: 180 },
      { role: 'target', data: crop, mimeType: 'image/jpeg', width: 40, height: 60, targetId: '7' },
    ]);
  });

  it('are base64 or data URLs without line breaks', () => {
    should(eventOf(content, 'base64').images[0]?.data).equal(scene.toString('base64'));
    should(eventOf(content, 'data-url').images[1]?.data).equal(`data:image/jpeg;base64,${crop.toString('base64')}`);
  });

  it('are none where none are wanted, and the rest of the event is the same', () => {
    const { images, ...without } = eventOf(content, 'none');
    const { images: wanted, ...rest } = eventOf(content);
    should(images).be.empty();
    should(wanted).have.length(2);
    should(without).deepEqual(rest);
  });

  it('are not in raw, whatever is wanted', () => {
    for (const mode of ['none', 'buffer'] as const) {
      const raw = JSON.stringify(eventOf(content, mode).raw);
      should(raw).not.match(/Base64Data|#picture|\/9j\//);
    }
  });

  for (const word of ['', 'None', 'BASE64_JPEG_DATA', 'R0lGODlhAQABAAAAACw=']) {
    it(`are none where the device says "${word}"`, () => {
      should(eventOf(`<smartType>MOTION</smartType>${time}${source(word)}`).images).be.empty();
    });
  }
});

describe('a box in pixels', () => {
  const box = { x: 0.25, y: 0.25, width: 0.25, height: 0.25 };

  it('is divided by the declared size', () => {
    const declared = '<width>160</width><height>90</height>';
    should(eventOf(recorderFace(source(scene, declared))).targets[0]?.box).deepEqual({
      x: 0.5,
      y: 0.5,
      width: 0.5,
      height: 0.5,
    });
  });

  it('is divided by the size of the JPEG where 0 is declared, or nothing', () => {
    should(eventOf(recorderFace(source(scene, '<width>0</width><height>0</height>'))).targets[0]?.box).deepEqual(box);
    should(eventOf(recorderFace(source(scene))).targets[0]?.box).deepEqual(box);
  });

  it('is the same where no pictures are wanted', () => {
    should(eventOf(recorderFace(source(scene)), 'none').targets[0]?.box).deepEqual(box);
  });

  it('is the same for a second node, and for a picture with much Exif', () => {
    for (const picture of [scene, addExif(scene)]) {
      const post = makePost(wrapConfig(recorderFace(source(picture))));
      for (const pictures of ['none', 'buffer', 'none'] as const) {
        should(receive(post, { ...openOptions, pictures }).events[0]?.targets[0]?.box).deepEqual(box, pictures);
      }
    }
  });

  it('is absent where no size is known', () => {
    should(eventOf(recorderFace('')).targets[0]).deepEqual({ id: '1', type: 'face' });
    should(eventOf(recorderFace(source('None'))).targets[0]).deepEqual({ id: '1', type: 'face' });
  });
});
