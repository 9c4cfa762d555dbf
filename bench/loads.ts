/** The posts that are measured, as devices send them; each has a time of its own, so that none is a repetition. */
import type { CameraIdentity } from '../simulators/viewtron/identity';
import { drawCrop, drawScene } from '../simulators/picture';
import {
  writeCameraAlarmStatus,
  writePerimeter,
  writeRecorderKeepalive,
  writeRegionIntrusion,
  writeTraject,
} from '../simulators/viewtron/posts';

export interface Load {
  readonly name: string;
  /** Requests a round. */
  readonly count: number;
  write(serial: number): string;
}

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

/** A post is written once and given a new time each time: writing it must not be what is measured. */
function renew(text: string): (serial: number) => string {
  const parts = text.split(/(?<=<currentTime[^>]*>)\d+/);
  const base = Date.now() * 1000;
  return (serial) => (parts.length === 1 ? text : parts.join(String(base + serial)));
}

export function writeLoads(): readonly Load[] {
  const source = drawScene({ width: 1280, height: 720, weightBytes: 310_000 });
  const target = drawCrop({ kind: 'person', width: 336, height: 448, weightBytes: 70_000 });
  const timeMs = Date.now();
  const post = { camera, firmware: '5.1.4', timeMs } as const;
  const event = { ...post, targetId: 2801, eventId: 3001, box, boundary } as const;
  const status = { camera, timeMs, utcOffsetMinutes: 0, field: 'perimeterAlarm', on: true } as const;
  return [
    { name: 'heartbeat', count: 3000, write: renew(writeRecorderKeepalive(recorder)) },
    { name: 'alarm status', count: 3000, write: renew(writeCameraAlarmStatus(status)) },
    {
      name: 'traject, 1.5 KB',
      count: 3000,
      write: renew(writeTraject({ ...post, targets: [{ targetId: 7, type: 'person', box }] })),
    },
    { name: 'detection, no pictures', count: 2000, write: renew(writePerimeter(event)) },
    {
      name: 'detection, 520 KB, wrapped CDATA',
      count: 200,
      write: renew(
        writePerimeter({ ...event, source, targets: [{ targetId: 2801, type: 'person', box, picture: target }] }),
      ),
    },
    {
      name: 'detection, 520 KB, plain',
      count: 200,
      write: renew(
        writeRegionIntrusion({
          recorder,
          channel: 1,
          timeMs,
          type: 'person',
          targetId: 1,
          eventId: 2,
          box,
          boundary,
          source,
          target,
        }),
      ),
    },
  ];
}
