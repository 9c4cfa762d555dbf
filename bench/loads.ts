/** The posts that are measured, as devices send them; each has a time or number of its own, so that none is a repetition. */
import type { CameraIdentity } from '../simulators/viewtron/identity';
import { drawCrop, drawScene } from '../simulators/picture';
import {
  writeCameraAlarmStatus,
  writePerimeter,
  writeRecorderKeepalive,
  writeRegionIntrusion,
  writeTraject,
} from '../simulators/viewtron/posts';
import { sign } from '../src/http/signature';

export interface Request {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Load {
  readonly name: string;
  /** The most that the own port may cost, in multiples of the bare server. */
  readonly goal?: number;
  /** How many times less than the flow by hand the own port shall cost. */
  readonly goalByHand?: number;
  write(serial: number): Request;
}

export const webhookSecret = 'the secret of the benchmark';

const camera: CameraIdentity = {
  name: 'Bench cam',
  mac: '02:00:5e:44:00:01',
  serial: 'BENCH0000001',
  ip: '192.0.2.91',
};
const recorder = { name: 'Bench recorder', mac: '02:00:5e:44:00:02', ip: '192.0.2.92' };
const box = { x1: 4100, y1: 700, x2: 5200, y2: 8100 };
const boundary = [
  { x: 500, y: 400 },
  { x: 9500, y: 450 },
  { x: 5000, y: 9000 },
];

/**
 * A post is written once and given a new time each time: writing it must not be what is measured. Where the device tells the
 * time in words, its second changes.
 */
function renew(text: string): (serial: number) => Request {
  const parts = text.split(/(?<=<currentTime[^>]*>)\d+/);
  const [worded = ''] = /<dataTime>[^/]*:\d\d\D*<\/dataTime>/.exec(text) ?? [];
  const [before = '', after = ''] = worded === '' ? [text] : text.split(worded);
  const base = Date.now() * 1000;
  const headers = { 'content-type': 'application/xml; charset=utf-8' };
  return (serial) => {
    if (parts.length > 1) return { path: '/API', headers, body: parts.join(String(base + serial)) };
    const second = String(serial % 60).padStart(2, '0');
    const body = `${before}${worded.replace(/\d\d(?=\D*$)/, second)}${after}`;
    return { path: '/API', headers, body };
  };
}

/** A signed webhook of about so many bytes: a door's request with the records that come along. */
function writeWebhook(bytes: number): (serial: number) => Request {
  const record = { id: 'door-12', name: 'Dock door', state: { locked: true, forced: false }, at: 1927843200 };
  const records = Array.from({ length: Math.ceil(bytes / JSON.stringify(record).length) - 3 }, () => record);
  const body = {
    door: { id: '12', name: 'Dock' },
    holder: { id: '7', firstName: 'Ada', lastName: 'Example' },
    records,
  };
  const text = JSON.stringify({ id: '#', topic: 'door.request.allowed', panelId: '10A0001', body });
  const [before = '', after = ''] = text.split('#', 2);
  return (serial) => {
    const written = `${before}${serial}${after}`;
    const signature = sign(Buffer.from(written), webhookSecret, 'sha1');
    return {
      path: '/pdk',
      headers: { 'content-type': 'application/json', 'x-pdk-signature': signature },
      body: written,
    };
  };
}

function writePictured(pictures: 'usual' | 'large'): string {
  const size = pictures === 'usual' ? { width: 1280, height: 720 } : { width: 2560, height: 1440 };
  const source = drawScene({ ...size, weightBytes: pictures === 'usual' ? 310_000 : 1_400_000 });
  const target = drawCrop({ kind: 'person', width: 336, height: 448, weightBytes: 70_000 });
  const targets = [{ targetId: 2801, type: 'person', box, picture: target }] as const;
  return writePerimeter({ ...detection, source, targets });
}

const timeMs = Date.now();
const post = { camera, firmware: '5.1.4', timeMs } as const;
const detection = { ...post, targetId: 2801, eventId: 3001, box, boundary } as const;

function writeRecorderDetection(): string {
  const source = drawScene({ width: 1280, height: 720, weightBytes: 310_000 });
  const target = drawCrop({ kind: 'person', width: 336, height: 448, weightBytes: 70_000 });
  const event = { recorder, channel: 1, timeMs, type: 'person', targetId: 1, eventId: 2 } as const;
  return writeRegionIntrusion({ ...event, box, boundary, source, target });
}

export function writeLoads(): readonly Load[] {
  const status = { camera, timeMs, utcOffsetMinutes: 0, field: 'perimeterAlarm', on: true } as const;
  const target = { targetId: 7, type: 'person', box } as const;
  const small = { goal: 2, goalByHand: 8 };
  const pictured = { goal: 2.2, goalByHand: 15 };
  return [
    { name: 'heartbeat', ...small, write: renew(writeRecorderKeepalive(recorder)) },
    { name: 'alarm status', ...small, write: renew(writeCameraAlarmStatus(status)) },
    {
      name: 'traject, 1.5 KB',
      goal: 2.5,
      goalByHand: 10,
      write: renew(writeTraject({ ...post, targets: [target] })),
    },
    {
      name: 'detection, no pictures',
      goal: 14,
      goalByHand: 1.8,
      write: renew(writePerimeter(detection)),
    },
    { name: 'detection, 520 KB, wrapped CDATA', ...pictured, write: renew(writePictured('usual')) },
    { name: 'detection, 520 KB, plain', ...pictured, write: renew(writeRecorderDetection()) },
    { name: 'detection, 2 MB', goal: 3.5, goalByHand: 6, write: renew(writePictured('large')) },
    { name: 'signed JSON, 0.5 KB', write: writeWebhook(500) },
    { name: 'signed JSON, 1.5 KB', goal: 2.6, goalByHand: 4, write: writeWebhook(1500) },
    { name: 'signed JSON, 100 KB', write: writeWebhook(100_000) },
  ];
}
