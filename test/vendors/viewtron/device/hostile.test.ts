/** Whatever a device answers, a call ends with a value or with one error that names device and command. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import should from 'should';
import { writeConfigs } from '../../../../simulators/viewtron/api/documents';
import { systemClock } from '../../../../src/clock';
import { DeviceError } from '../../../../src/vendors/viewtron/device/failure';
import { Device } from '../../../../src/vendors/viewtron/device/device';
import { listPlates } from '../../../../src/vendors/viewtron/device/plate-list';
import { readPush } from '../../../../src/vendors/viewtron/device/push';
import { takeSnapshot } from '../../../../src/vendors/viewtron/device/act';
import { credentials } from './fake';
import { cases } from '../../../support/cases';

const identity = { name: 'x', model: 'y', mac: 'z', serial: '1', manner: '2.0', channels: 1 } as const;
const documents = [...writeConfigs(identity).values()].map((xml) => `<config version="2.0.0">${xml}</config>`);

/** A true document with something cut out, doubled or put in. */
const damaged = fc
  .tuple(
    fc.constantFrom(...documents),
    fc.nat(),
    fc.nat(400),
    fc.constantFrom('', '<', '>', '&', ']]>', '<![CDATA[', '<item/>', '\u0000', '<a b="', '</config>'),
  )
  .map(([text, at, length, extra]) => {
    const start = at % text.length;
    return text.slice(0, start) + extra + text.slice(start + length);
  });
const anything = fc.oneof(
  damaged.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    Buffer.from(`<config>${'<a>'.repeat(5000)}`),
    Buffer.from('<config><__proto__/></config>'),
    Buffer.from('<config status="failed" errorCode="99999999999"/>'),
    Buffer.from('<config><vehiclePlates><item/></vehiclePlates></config>'),
  ),
);

describe('a device that answers anything', function () {
  this.timeout(60_000);
  let server: Server;
  let body = Buffer.alloc(0);
  let status = 200;

  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'Content-Type': 'application/xml' }).end(body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('makes no call hang, and no error but one of the device', async () => {
    const { port } = server.address() as AddressInfo;
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom(200, 200, 200, 400, 404, 500), async (bytes, answered) => {
        [body, status] = [bytes, answered];
        const address = {
          name: 'odd',
          host: '127.0.0.1',
          port,
          isTls: false,
          acceptsAnyCertificate: false,
          credentials,
          timeoutMs: 5000,
        };
        const device = new Device(address, systemClock, () => 0);
        const calls = [
          () => device.read('perimeter'),
          () => device.write({ perimeter: { switch: true, regionInfo: [{}] } }),
          () => readPush(device),
          () => listPlates(device, {}),
          () => takeSnapshot(device),
        ];
        for (const call of calls) {
          try {
            await call();
          } catch (thrown) {
            should(thrown).be.instanceOf(DeviceError);
            should((thrown as Error).message).startWith('odd (127.0.0.1');
            should((thrown as Error).message).not.containEql(credentials.password);
          }
        }
        await device.close();
      }),
      cases(150),
    );
  });
});
