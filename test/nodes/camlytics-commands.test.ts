/** What a message may ask a camlytics-poll node for, and what is wrong with one that asks for something else. */
import should from 'should';
import { readAddress } from '../../nodes/camlytics/address';
import { readCommand } from '../../nodes/camlytics/commands';
import { readPollSettings, readWebhookSettings } from '../../nodes/camlytics/settings';

describe('a message to camlytics-poll', () => {
  for (const word of ['poll', 'pause', 'resume', 'channels'] as const) {
    it(`${word}, as a text or in an object`, () => {
      should(readCommand(word)).deepEqual({ is: word });
      should(readCommand({ command: ` ${word.toUpperCase()}` })).deepEqual({ is: word });
    });
  }

  it('totals and replay, with what they need', () => {
    should(readCommand('totals')).have.properties({ is: 'totals', by: ['rule', 'type'], channel: undefined });
    should(
      readCommand({ command: 'totals', by: 'type', channel: 'Lobby', since: '2026-03-18T09:00:00Z', until: 5 }),
    ).deepEqual({
      is: 'totals',
      by: ['type'],
      channel: 'Lobby',
      sinceMs: Date.UTC(2026, 2, 18, 9),
      untilMs: 5,
      origin: undefined,
    });
    should(readCommand({ command: 'replay', sinceId: '12' })).deepEqual({
      is: 'replay',
      sinceId: 12,
      sinceMs: undefined,
    });
    should(readCommand({ command: 'replay', since: new Date(7) })).deepEqual({
      is: 'replay',
      sinceId: undefined,
      sinceMs: 7,
    });
  });

  for (const [payload, code] of [
    [undefined, 'command-unknown'],
    ['', 'command-unknown'],
    [1234567890, 'command-unknown'],
    ['dance', 'command-unknown'],
    [{ command: ['poll'] }, 'command-unknown'],
    [{ command: 'replay' }, 'command-invalid'],
    [{ command: 'replay', sinceId: -1 }, 'command-invalid'],
    [{ command: 'replay', sinceId: 1.5 }, 'command-invalid'],
    [{ command: 'replay', since: 'yesterday' }, 'command-invalid'],
    [{ command: 'totals', by: 'colour' }, 'command-invalid'],
    [{ command: 'totals', channel: 7 }, 'command-invalid'],
    [{ command: 'totals', since: {} }, 'command-invalid'],
  ] as const) {
    it(`${JSON.stringify(payload)} is refused`, () => should(() => readCommand(payload)).throw({ code }));
  }
});

describe('the settings of the Camlytics nodes', () => {
  const poll = (fields: object) =>
    readPollSettings({ id: 'x', type: 'camlytics-poll', z: '', name: '', server: 's', ...fields });
  const hook = (fields: object) =>
    readWebhookSettings({
      id: 'x',
      type: 'camlytics-webhook-in',
      z: '',
      name: '',
      listener: 'l',
      path: '/c',
      ...fields,
    });

  it('may all be left out', () => {
    should(poll({}).poll).deepEqual({ start: 'resume', channelId: undefined, pageSize: 100, waitSeconds: 20 });
    should(poll({}).polled).have.properties({
      maxAgeMs: Infinity,
      health: true,
      directions: { in: ['Enter'], out: ['Exit'] },
    });
    should(hook({})).have.properties({ path: '/c', repeatWindowMs: 5000, timeZone: '' });
    should(readAddress({})).deepEqual({ scheme: 'http', host: '127.0.0.1', port: 48_462, basePath: '/v1/json' });
  });

  it('send one channel to the server where its id is given, and none else', () => {
    const id = '5b0f6c1e-7a52-4a3e-9d0c-3f6f0f4f8a11';
    should(poll({ channels: id }).poll.channelId).equal(id);
    should(poll({ channels: 'Lobby' }).poll.channelId).be.undefined();
    should(poll({ channels: `${id}, Lobby` }).poll.channelId).be.undefined();
  });

  it('take addresses as people write them', () => {
    should(readAddress({ host: '::1', port: '80', basePath: 'camlytics/v1/json/' })).have.properties({
      host: '::1',
      port: 80,
      basePath: '/camlytics/v1/json',
    });
  });

  for (const [what, read] of [
    ['a wait that is no number', () => poll({ waitSeconds: 'long' })],
    ['a wait that is too long', () => poll({ waitSeconds: 31 })],
    ['an unknown start', () => poll({ start: 'yesterday' })],
    ['a variable that is not set', () => poll({ rules: '${NO_SUCH_VARIABLE}' })],
    ['an unknown zone', () => hook({ timeZone: 'Mars' })],
    ['a path with a query', () => hook({ path: '/c?x' })],
    ['a host with a scheme', () => readAddress({ host: 'http://pc' })],
    ['a host with a port', () => readAddress({ host: 'pc:48462' })],
    ['a port that is none', () => readAddress({ port: '0' })],
    ['a base path with blanks', () => readAddress({ basePath: '/v1 json' })],
  ] as const) {
    it(`do not take ${what}, and say which field it is`, () => should(read).throw({ code: 'setting-invalid' }));
  }
});
