/**
 * Real device posts, where a folder of them lies beside the project: each gives the event that a reader of the file would
 * write down. What is expected is read from the file itself, by plain text search, since the posts are not ours to copy.
 *
 * They are years old, and a clock that is years off is not believed: so each is read as received when it was sent, and a
 * running Node-RED must say the same of it but for the time, and the name that another post gave to one without.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import should from 'should';
import type { SecurityEvent } from '../../src/event';
import { receive } from '../../src/vendors/viewtron/receive';
import { makePost, startMs } from '../support/events';
import { TestFlow } from '../support/flow';
import { defaultOptions } from '../support/samples';

const folder = join(__dirname, '..', '..', '..', 'shared', 'captures', 'viewtron');

/** Text search in a post without its comments. */
class Reading {
  readonly #xml: string;

  constructor(xml: string) {
    this.#xml = xml.replace(/<!--[\s\S]*?-->/g, '');
  }

  /** Inside of the first element of that name. */
  block(name: string): string {
    return new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name.replace('.', '\\.')}>`).exec(this.#xml)?.[1] ?? '';
  }

  text(name: string, inside = this.#xml): string | undefined {
    const found = new RegExp(`<${name}(?:\\s[^>]*)?>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(inside)?.[1]?.trim();
    return found === '' ? undefined : found;
  }

  number(name: string, inside: string): number {
    return Number(this.text(name, inside));
  }

  box(inside: string): object {
    const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((name) => this.number(name, inside)) as [
      number,
      number,
      number,
      number,
    ];
    const part = (value: number): number => Math.round(value) / 10_000;
    return { x: part(x1), y: part(y1), width: part(x2 - x1), height: part(y2 - y1) };
  }

  points(inside: string): object[] {
    return [...inside.matchAll(/<x[ >][^<]*?(\d+)<\/x>\s*<y[ >][^<]*?(\d+)<\/y>/g)].map(([, x, y]) => ({
      x: Number(x) / 10_000,
      y: Number(y) / 10_000,
    }));
  }

  /** When the device says that it sent it; an hour of no importance for a heartbeat, which says none. */
  sentMs(): number {
    const [, month, day, year, clock, half] =
      /(\d+)-(\d+)-(\d+) ([\d:]+) ([AP]M)/.exec(this.text('dataTime') ?? '') ?? [];
    if (year !== undefined) return Date.parse(`${month}/${day}/${year} ${clock} ${half} UTC`);
    return this.text('currentTime') === undefined ? startMs : Date.parse(this.time());
  }

  /** ISO time of the 16 digits. */
  time(): string {
    return new Date(Math.floor(Number(this.text('currentTime')) / 1000)).toISOString();
  }
}

type Check = (event: SecurityEvent, reading: Reading) => void;

const words: Readonly<Record<string, string>> = {
  1: 'person',
  2: 'vehicle',
  4: 'motorcycle',
  person: 'person',
  car: 'vehicle',
};

function checkRecorder(event: SecurityEvent, reading: Reading): void {
  should(event.device).have.properties({
    id: reading.text('mac')?.toLowerCase(),
    mac: reading.text('mac')?.toLowerCase(),
    name: reading.text('deviceName'),
    ip: reading.text('ip'),
  });
  should(event.device.channel).equal(reading.text('channelId'));
}

function checkCamera(event: SecurityEvent, reading: Reading): void {
  const mac = reading.text('macAddress');
  should(event.device.mac).equal(mac);
  should(event.device.serial).equal(reading.text('sn') ?? reading.text('SN'));
  should(event.device.name).equal(reading.text('deviceName') ?? reading.text('DeviceName'));
  should(event.device.ip).equal(reading.text('ipAddress') ?? '127.0.0.1');
}

function checkDetection(event: SecurityEvent, reading: Reading): void {
  should(event.type).equal(reading.text('smartType'));
  should(event.time).equal(reading.time());
  should(event.timeSource).equal('device');
}

function checkTarget(event: SecurityEvent, reading: Reading): void {
  should(event.targets).deepEqual([
    {
      id: reading.text('targetId'),
      type: words[
        reading.text('targetType', reading.block('targetImageData')) ??
          reading.text('targetType', reading.block('targetListInfo')) ??
          ''
      ],
      box: reading.box(reading.block('rect')),
    },
  ]);
}

/** Keyed by file; one event each. */
const checks: Readonly<Record<string, Check>> = {
  'ipc-v1x/alarm-status.xml'(event, reading) {
    checkCamera(event, reading);
    const status = reading.block('alarmStatusInfo');
    const [, name, id, value] = /<(\w+)[^>]*id="(\d+)"[^>]*>(\w+)</.exec(status) ?? [];
    should(event.alarm).deepEqual({ name, id, active: value === 'true' });
    should(event).have.properties({ category: 'alarm', state: value === 'true' ? 'start' : 'stop', type: name });
    should(event.time).equal(new Date(reading.sentMs()).toISOString());
    should(event.timeSource).equal('device');
  },
  'ipc-v1x/keepalive.xml'(event, reading) {
    checkCamera(event, reading);
    should(event.category).equal('heartbeat');
  },
  'ipc-v1x/lpr.xml'(event, reading) {
    checkDetection(event, reading);
    should(event).have.properties({ category: 'plate', kind: 'plate-read' });
    should(event.plate).deepEqual({
      number: reading.text('plateNumber'),
      list: 'allow',
      group: reading.text('vehicleListType'),
    });
    should(event.plate?.group).equal('whiteList');
  },
  'ipc-v1x/face-detection.xml'(event, reading) {
    checkDetection(event, reading);
    should(event).have.properties({ category: 'face', kind: 'face-detected' });
    should(event.targets).deepEqual([
      { id: reading.text('targetId'), type: 'face', box: reading.box(reading.block('rect')) },
    ]);
  },
  'ipc-v1x/zone-entry.xml'(event, reading) {
    checkDetection(event, reading);
    should(event).have.properties({ category: 'intrusion', kind: 'area-entered' });
    checkTarget(event, reading);
  },
  'ipc-v1x/perimeter-intrusion.xml'(event, reading) {
    checkDetection(event, reading);
    should(event).have.properties({ category: 'intrusion', kind: 'area-intruded', state: 'start' });
    should(event.rule).deepEqual({ shape: 'area', points: reading.points(reading.block('boundary')) });
    should(event.rule?.points).have.length(4);
    checkTarget(event, reading);
  },
  'nvr-v2/alarm-status.xml'(event, reading) {
    checkRecorder(event, reading);
    const [, name, id, value] = /<(\w+)><item id="(\d+)">(\w+)</.exec(reading.block('alarmStatusInfo')) ?? [];
    should(event.alarm).deepEqual({ name, id, active: value === 'true' });
    should(event).have.properties({ category: 'alarm', state: 'start', time: reading.time() });
  },
  'nvr-v2/keepalive.xml'(event, reading) {
    checkRecorder(event, reading);
    should(event.category).equal('heartbeat');
  },
  'nvr-v2/line-crossing.xml'(event, reading) {
    checkRecorder(event, reading);
    checkDetection(event, reading);
    should(event).have.properties({ category: 'intrusion', kind: 'line-crossed' });
    should(event.rule).deepEqual({ shape: 'line', points: reading.points(reading.block('directionLine')) });
    checkTarget(event, reading);
  },
  'nvr-v2/region-intrusion.xml'(event, reading) {
    checkRecorder(event, reading);
    checkDetection(event, reading);
    should(event).have.properties({ category: 'intrusion', kind: 'area-intruded' });
    should(event.rule).deepEqual({ shape: 'area', points: reading.points(reading.block('pointGroup')) });
    checkTarget(event, reading);
  },
  'nvr-v2/target-counting-by-area.xml'(event, reading) {
    checkRecorder(event, reading);
    checkDetection(event, reading);
    should(event).have.properties({ category: 'counting', kind: 'area-counted' });
    should(event.rule).deepEqual({ shape: 'area', points: reading.points(reading.block('pointGroup')) });
    checkTarget(event, reading);
  },
  'nvr-v2/vehicle-lpr.xml'(event, reading) {
    checkRecorder(event, reading);
    checkDetection(event, reading);
    const car = reading.block('carAttribute');
    should(event).have.properties({ category: 'plate', kind: 'plate-read' });
    should(event.plate).deepEqual({
      number: reading.text('licensePlateNumber'),
      color: reading.text('color', reading.block('licensePlateAttribute')),
    });
    should(event.vehicle).deepEqual({
      type: reading.text('carType', car),
      color: reading.text('color', car),
      brand: reading.text('brand', car),
      model: reading.text('model', car),
    });
    // pixels of a picture whose size the file does not tell
    should(event.targets).deepEqual([{ id: reading.text('targetId'), type: 'plate' }]);
  },
};

const captures = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.xml'))
  : [];

if (captures.length > 0) {
  describe('captured posts, sent to a running Node-RED', () => {
    let flow: TestFlow;
    before(async () => {
      flow = await TestFlow.start({ in: { heartbeats: true, timeZone: 'UTC', watchMisses: 0 } });
    });
    after(() => flow.stop());

    it('all have a reader', () => {
      should(captures.filter((file) => checks[file] === undefined)).be.empty();
    });

    for (const file of captures) {
      it(`${file} gives its event`, async () => {
        const bytes = readFileSync(join(folder, file));
        const reading = new Reading(bytes.toString('utf8'));
        const post = makePost(bytes, { address: '127.0.0.1', receivedAt: reading.sentMs() + 2000 });
        const { events, error } = receive(post, defaultOptions);
        should(error).be.undefined();
        should(events).have.length(1);
        const [event] = events;
        if (event !== undefined) checks[file]?.(event, reading);

        const before = flow.received().length;
        should((await flow.post(bytes)).status).equal(200);
        const messages = await flow.wait(before + 1);
        should(messages).have.length(before + 1);
        const payload = messages.at(-1)?.payload;
        should(withoutTimes(payload)).deepEqual(withoutTimes(event));
        if (event?.device.mac !== undefined) should(payload?.device).containEql(event.device);
        should(flow.received('caught')).be.empty();
      });
    }
  });
}

/** What does not depend on when a post came, and what came before. */
function withoutTimes(event: SecurityEvent | undefined): object {
  const {
    id: _id,
    time: _time,
    timeSource: _source,
    receivedAt: _receivedAt,
    device: _device,
    ...rest
  } = event ?? ({} as SecurityEvent);
  return rest;
}
