/** Calls to a fake device: who calls, in what order, how long; and what is said where it goes wrong. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import should from 'should';
import { makeCertificate } from '../../../support/certificate';
import { FakeClock } from '../../../support/fake-clock';
import { credentials, failureOf, manners, startFake, stopFakes } from './fake';

describe('a call to a device', () => {
  afterEach(stopFakes);

  it('sends Basic at once, as a POST of XML to the command and the channel', async () => {
    const { api, device } = await startFake({ channels: 4 });
    await device.write({ perimeter: { switch: true } }, { channel: 3, confirm: false });
    should(api.requests.map(({ method, url }) => `${method} ${url}`)).eql([
      'POST /GetSmartPerimeterConfig/3',
      'POST /SetSmartPerimeterConfig/3',
    ]);
    should(api.requests[1]?.contentType).equal('application/xml; charset="UTF-8"');
    should(api.guard.wrong).equal(0);
    should(api.config('SmartPerimeter', 3)).match(/<switch type="boolean">true<\/switch>/);
    should(api.config('SmartPerimeter', 1)).not.match(/<perimeter>\s*<switch type="boolean">true/);
  });

  for (const algorithm of ['MD5', 'SHA-256'] as const) {
    it(`goes over to Digest (${algorithm}) where that alone is offered, and keeps to it`, async () => {
      const { api, device } = await startFake({ guard: { ...credentials, scheme: 'digest', algorithm } });
      should((await device.read('alarm-status')).command).equal('GetAlarmStatus');
      should((await device.read('disks')).command).equal('GetDiskInfo');
      // the first one is asked for twice: with Basic, then with Digest
      should(api.requests.map(({ command }) => command)).eql(['GetAlarmStatus', 'GetAlarmStatus', 'GetDiskInfo']);
      should(api.guard.wrong).equal(0);
    });
  }

  it('answers a new challenge where the device has forgotten the old one', async () => {
    const { api, device } = await startFake({ guard: { ...credentials, scheme: 'digest' } });
    api.guard.nonceUses = 2;
    for (let turn = 0; turn < 5; turn++) await device.read('alarm-status');
    should(api.guard.wrong).equal(0);
  });

  for (const scheme of ['basic', 'digest'] as const) {
    it(`never tries a wrong password twice (${scheme}), and says so without telling it`, async () => {
      const { api, connect } = await startFake({ guard: { ...credentials, scheme } });
      const device = connect({ credentials: { user: 'admin', password: 'not-this-one' } });
      const first = await failureOf(device.read('alarm-status'));
      const again = await failureOf(device.read('disks'));
      should(first.code).equal('wrong-password');
      should(first.retryable).be.false();
      should(first.message).match(/gate \(127\.0\.0\.1:\d+\): GetAlarmStatus: wrong user or password/);
      should(JSON.stringify([first, first.message, first.stack])).not.containEql('not-this-one');
      should(again).equal(first);
      should(api.guard.wrong).equal(1);
      should(api.requests.filter(({ command }) => command === 'GetDiskInfo')).be.empty();
    });
  }

  it('tells a locked user from a wrong password, and asks again when it is asked to', async () => {
    const { api, device } = await startFake();
    api.guard.isLocked = true;
    const error = await failureOf(device.read('alarm-status'));
    should([error.code, error.errorCode, error.retryable]).eql(['user-locked', 10, true]);
    api.guard.isLocked = false;
    await device.read('alarm-status');
  });

  for (const manner of manners) {
    it(`says what a ${manner} device does not know, and which channel it has not`, async () => {
      const { api, device } = await startFake({ manner, channels: 2 });
      const unknown = await failureOf(device.call({ command: 'GetNothingAtAll' }));
      should(['invalid-request', 'unknown-command']).containEql(unknown.code);
      should(unknown.message).match(/GetNothingAtAll.*supported-apis.*Trying again does not help/);
      const channel = await failureOf(device.read('perimeter', { channel: 9 }));
      should(channel.message).containEql('channel 9');
      should(channel.retryable).be.false();
      if (manner !== '1.9') should([channel.code, channel.errorCode]).eql(['wrong-channel', 12]);
      api.faults.forbidden = new Set(['GetDiskInfo']);
      const forbidden = await failureOf(device.read('disks'));
      should([forbidden.code, forbidden.errorCode]).eql(['permission-denied', 4]);
    });
  }

  it('asks a busy device again, waiting longer each time, and gives up in the end', async () => {
    const clock = new FakeClock(Date.UTC(2031, 1, 3));
    const { api, device } = await startFake({}, {}, clock);
    api.faults.busy = 2;
    const waits: number[] = [];
    const after = clock.after.bind(clock);
    clock.after = (ms, action) => {
      if (ms >= 10_000) return after(ms, action);
      waits.push(ms);
      return after(0, action);
    };
    const turning = setImmediateLoop(() => clock.advance(0));
    should((await device.read('alarm-status')).command).equal('GetAlarmStatus');
    should(waits).eql([750, 1500]);
    api.faults.busy = 100;
    const error = await failureOf(device.read('alarm-status'));
    turning.stop();
    should([error.code, error.retryable]).eql(['busy', true]);
    should(api.requests).have.length(3 + 4);
  });

  it('gives up after its deadline, and names it', async () => {
    const clock = new FakeClock(Date.UTC(2031, 1, 3));
    const { api, device } = await startFake({}, { timeoutMs: 5000 }, clock);
    api.faults.isSlow = true;
    const failing = failureOf(device.read('alarm-status'));
    await until(() => api.requests.length === 1);
    clock.advance(5000);
    const error = await failing;
    should([error.code, error.retryable]).eql(['timeout', true]);
    should(error.message).containEql('no answer within 5 seconds');
    should(clock.running).equal(0);
  });

  it('ends a call at once when nobody wants it any more, and the next one goes on', async () => {
    const { api, device } = await startFake();
    api.faults.isSlow = true;
    const ended = new AbortController();
    const failing = failureOf(device.read('alarm-status', { signal: ended.signal }));
    await until(() => api.requests.length === 1);
    ended.abort(new Error('enough'));
    should((await failing).message).equal('enough');
    api.release();
    should((await device.read('disks')).command).equal('GetDiskInfo');
  });

  it('sends one call after the other', async () => {
    const { api, device } = await startFake();
    await Promise.all([device.read('disks'), device.read('alarm-status'), device.read('device-info')]);
    should(api.requests.map(({ command }) => command)).eql(['GetDiskInfo', 'GetAlarmStatus', 'GetDeviceInfo']);
  });

  it('tries a broken connection once more where twice is as good as once', async () => {
    const { api, device } = await startFake();
    await device.read('disks');
    api.faults.diesAfter = 0;
    const error = await failureOf(device.read('disks'));
    should(['unreachable', 'connection-lost']).containEql(error.code);
    should(error.retryable).be.true();
    api.faults.diesAfter = Number.POSITIVE_INFINITY;
    await api.open();
    should((await device.read('disks')).command).equal('GetDiskInfo');
  });

  it('says of a wrong host, a wrong port and another kind of server what they are', async () => {
    const { connect } = await startFake();
    const unknown = await failureOf(connect({ host: 'no-such-camera.invalid', port: 80 }).read('disks'));
    should(unknown.code).equal('unreachable');
    should(unknown.message).containEql('no-such-camera.invalid');
    const other = createServer((_request, response) => response.end('<html><body>a printer</body>')).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const printer = await failureOf(connect({ port }).read('disks'));
    should(printer.code).equal('answer-unreadable');
    should(printer.message).containEql('Is this a Viewtron (TVT) device');
    await new Promise((resolve) => {
      other.close(resolve);
      other.closeAllConnections();
    });
    const closed = await failureOf(connect({ port }).read('disks'));
    should(closed.message).match(/nobody answers at 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
  });

  it('believes a certificate that the device signed itself only where that is allowed', async () => {
    const { device, connect } = await startFake({ tls: makeCertificate() });
    const error = await failureOf(device.read('disks'));
    should([error.code, error.retryable]).eql(['certificate-refused', false]);
    should((await connect({ acceptsAnyCertificate: true }).read('disks')).command).equal('GetDiskInfo');
  });
});

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}

function setImmediateLoop(action: () => void): { stop(): void } {
  let isOver = false;
  const turn = (): void => {
    if (isOver) return;
    action();
    setImmediate(turn);
  };
  turn();
  return { stop: () => void (isOver = true) };
}
