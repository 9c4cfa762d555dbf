/** The demo site shows every kind of event within five seconds, and ends at once. */
import { XMLValidator } from 'fast-xml-parser';
import should from 'should';
import { FakeClock } from '../../simulators/fake-clock';
import type { PostRecord } from '../../simulators/viewtron/device';
import { startSite, type Site } from '../../simulators/viewtron/site';
import { RecordingServer, until } from './recording-server';

describe('simulated site', () => {
  const clock = new FakeClock();
  const ended = new AbortController();
  let server: RecordingServer;
  let site: Site;
  const records: PostRecord[] = [];

  const settle = async (): Promise<void> => {
    await Promise.all([site.gate.idle(), site.yard.idle(), site.recorder.idle()]);
  };

  before(async () => {
    server = await RecordingServer.start(() => clock.now());
    site = startSite({ ...server.address, clock, signal: ended.signal, onPost: (record) => records.push(record) });
  });

  after(async () => {
    await site.close();
    await server.close();
  });

  it('shows every kind of event within five seconds', async () => {
    await clock.advance(5000, settle);
    const kinds = new Set(records.map(({ device, kind }) => `${device}: ${kind}`));
    for (const kind of ['keepalive', 'VEHICE', 'vehiceAlarm true']) should(kinds.has(`Gate cam: ${kind}`)).equal(true);
    for (const kind of ['keepalive', 'traject', 'PEA perimeter', 'PEA tripwire', 'MOTION']) {
      should(kinds.has(`Yard cam: ${kind}`)).equal(true);
    }
    for (const kind of [
      'videoFaceDetect',
      'regionIntrusion',
      'vehicle',
      'targetCountingByLine',
      'chlOfflineAlarm true',
    ]) {
      should(kinds.has(`Recorder: ${kind}`)).equal(true);
    }
  });

  it('goes on: plates of all lists, a channel that comes back, an answer to every post', async () => {
    await clock.advance(25_000, settle);
    for (const list of ['whiteList', 'blackList', 'temporaryList']) {
      should(server.find(`>${list}<`).length).be.above(0);
    }
    should(server.find('chlOfflineAlarm', '>false<').length).equal(1);
    should(records.filter(({ status }) => status !== 200)).deepEqual([]);
    const malformed = server.posts.filter(({ text }) => text !== '' && XMLValidator.validate(text) !== true);
    should(malformed).deepEqual([]);
  });

  it('ends when its signal aborts, waiting for no clock, and leaves nothing open', async () => {
    ended.abort();
    await site.close();
    await until(() => server.openSockets === 0);
    should(clock.sleeping).equal(0);
  });
});
