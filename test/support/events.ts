/** Events, posts and pictures for tests of the core, each with only what the test is about written out. */
import { encode } from 'jpeg-js';
import type { SecurityEvent } from '../../src/event';
import type { Post } from '../../src/http/receiver';
import { categories, targetTypes } from '../../src/event';
import type { GateSettings } from '../../src/gate';
import type { EventOptions } from '../../src/vendors/vendor';

/** 2031-02-03 04:05:06 UTC: when everything happens that does not say otherwise. */
export const startMs = Date.UTC(2031, 1, 3, 4, 5, 6);

export const openOptions: EventOptions = { pictures: 'none', timeZone: 'UTC', dateOrder: 'month-first' };

/** Settings that let everything pass. */
export const openGate: GateSettings = {
  categories: new Set(categories),
  alarmStates: true,
  silences: true,
  targetTypes: new Set(targetTypes),
  cameras: [],
  plateLists: [],
  minConfidence: 0,
  direction: '',
  repeatWindowMs: 0,
  trackingRate: Infinity,
};

export function makeEvent(fields: Partial<SecurityEvent> = {}): SecurityEvent {
  const time = new Date(startMs).toISOString();
  return {
    id: 'event-1',
    vendor: 'viewtron',
    category: 'intrusion',
    kind: 'area-entered',
    type: 'AOIENTRY',
    time,
    timeSource: 'device',
    receivedAt: time,
    device: { id: '02:00:5e:10:00:41', mac: '02:00:5e:10:00:41', name: 'Yard cam', ip: '192.0.2.41' },
    targets: [],
    images: [],
    raw: {},
    ...fields,
  };
}

export function makePost(body: string | Buffer, fields: Partial<Post> = {}): Post {
  return {
    method: 'POST',
    path: '/API',
    query: '',
    headers: {},
    body: Buffer.from(body),
    address: '192.0.2.41',
    receivedAt: startMs,
    ...fields,
  };
}

/** A document of a device: the root element of all its posts around what is in it. */
export function wrapConfig(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><config version="1.7" xmlns="http://www.ipc.com/ver10">${content}</config>`;
}

/** A picture that every decoder takes. */
export function makeJpeg(width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height * 4, 0xff);
  for (let at = 0; at < data.length; at += 4) data.writeUInt8((at / 4) % 251, at);
  return encode({ width, height, data }, 60).data;
}

/** Base64 in lines, as cameras send it. */
export function wrapBase64(bytes: Buffer, lineChars: number, lineBreak: string): string {
  const text = bytes.toString('base64');
  if (lineChars === 0) return text;
  return (text.match(new RegExp(`.{1,${lineChars}}`, 'g')) ?? []).join(lineBreak);
}
