/** Saved settings as a hand-written flow, an older package or a stranger's export may hold them: read, or refused by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { NodeAPI } from 'node-red';
import should from 'should';
import { readTimeZone } from '../../nodes/fields';
import { readForm } from '../../nodes/form';
import { openPacs } from '../../nodes/camio/account-settings';
import { readEventOutSettings } from '../../nodes/camio/event-out-settings';
import { readSettings as readCamio } from '../../nodes/camio/settings';
import { readAddress } from '../../nodes/camlytics/address';
import { readPollSettings, readWebhookSettings } from '../../nodes/camlytics/settings';
import { readAccess, readListenerSettings, refineAccess } from '../../nodes/listener/settings';
import { readLogin, readOrganization } from '../../nodes/pdk/account-settings';
import { readHookSettings } from '../../nodes/pdk/hook-settings';
import { readSettings as readPdk } from '../../nodes/pdk/settings';
import { parameterNames, readMessage } from '../../nodes/viewtron/config-out/parameters';
import { readDeviceSettings } from '../../nodes/viewtron/device-node';
import { readPresenceSettings } from '../../nodes/viewtron/presence-settings';
import { readSettings as readViewtron } from '../../nodes/viewtron/settings';
import { systemClock } from '../../src/clock';
import { SetupError } from '../../src/errors';
import { Access } from '../../src/http/access';
import { Networks } from '../../src/http/networks';
import { cases } from '../support/cases';

type Fields = Readonly<Record<string, unknown>>;

const node = { id: 'x', type: 'x', z: 'y', name: '', listener: 'z', server: 'z' };
const RED = { nodes: { getNode: () => null } } as unknown as NodeAPI;
const everybody = { networks: [], proxies: [] };

/** By type of the node, whose examples tell what its fields are called. */
const readers: Readonly<Record<string, (fields: Fields, credentials: unknown) => unknown>> = {
  'viewtron-in': (fields, credentials) => [readViewtron({ ...node, ...fields }), readAccess(fields, credentials)],
  'viewtron-presence': (fields) => readPresenceSettings({ ...node, ...fields }),
  'viewtron-device': readDeviceSettings,
  'camlytics-poll': (fields) => readPollSettings({ ...node, ...fields }),
  'camlytics-webhook-in': (fields, credentials) => [
    readWebhookSettings({ ...node, ...fields }),
    readAccess(fields, credentials),
  ],
  'camlytics-server': (fields) => [readAddress(fields), readTimeZone(fields.timeZone)],
  'camio-callback-in': (fields, credentials) =>
    readCamio({ ...node, ...fields }, credentials, (own) => refineAccess(everybody, own)),
  'camio-account': (fields, credentials) => openPacs(fields, credentials, systemClock),
  'camio-event-out': readEventOutSettings,
  'pdk-account': (fields, credentials) => [
    readOrganization(fields.organization),
    readLogin(fields.baseUrl, credentials),
  ],
  'pdk-webhook-in': (fields, credentials) => [
    readPdk({ ...node, ...fields }, credentials),
    readAccess(fields, credentials),
  ],
  'pdk-hook-manager': (fields, credentials) => readHookSettings({ ...node, ...fields }, credentials),
  'security-listener': (fields, credentials) => {
    const settings = readListenerSettings(RED, { ...node, ...fields }, credentials);
    return new Access(settings.access);
  },
};
const secretNames = [
  'user',
  'password',
  'secret',
  'previousSecret',
  'headerValue',
  'hookKey',
  'token',
  'clientId',
  'clientSecret',
];
const placed = new Set(['id', 'type', 'z', 'x', 'y', 'wires', 'd', 'g', 'info']);

const examples = join(__dirname, '..', '..', 'examples');
const saved = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(join(examples, file), 'utf8')) as Record<string, unknown>[]);

const variable = fc
  .tuple(fc.constantFrom('${', '$('), fc.stringMatching(/^GATEHOUSE_[A-Z0-9_]{0,12}$/), fc.constantFrom('}', ')', ''))
  .map((parts) => parts.join(''));
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  variable,
  fc.constantFrom('0', '-1', '1e9', 'NaN', 'Infinity', '0x10', '１２', ' 7 ', '*', '/', '//', '/../..', '/a?b', '/a#b'),
  fc.constantFrom(
    '::ffff:10.0.0.0/8',
    '0.0.0.0/0',
    '10.0.0.0/33',
    '[::1]',
    'http://a',
    'a:b',
    '+99:99',
    'Mars/Olympus',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', '\u0000', '‮', 'a\r\nb: c', 'x'.repeat(100_000)),
);
const value = fc.oneof(
  text,
  text,
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(text, { maxLength: 4 }),
  fc.double(),
  fc.integer(),
  fc.constantFrom(undefined, null, true, false, {}, []),
);

/** Real settings with some of their fields changed. */
function changed(type: string): fc.Arbitrary<Fields> {
  const real = saved.filter((each) => each.type === type);
  const names = [...new Set(real.flatMap((each) => Object.keys(each)))].filter((name) => !placed.has(name));
  should(names.length).be.above(1);
  const changes = fc.dictionary(fc.constantFrom(...names, '__proto__', 'unknown'), value, { maxKeys: 4 });
  return fc.tuple(fc.constantFrom(...real), changes).map(([base, more]) => ({ ...base, ...more }));
}

const longestMessage = 1000;
const secretOfSomebody = 'the-word-of-somebody,7713';
const isSecret = fc.constant(secretOfSomebody);

describe('settings that nobody has checked', () => {
  for (const [type, read] of Object.entries(readers)) {
    it(`of a ${type} are read, or refused with the name of the field, and no secret is told`, () => {
      const secrets = fc.oneof(
        fc.dictionary(fc.constantFrom(...secretNames), fc.oneof(isSecret, isSecret, value)),
        value,
      );
      let [right, refused] = [0, 0];
      fc.assert(
        fc.property(changed(type), secrets, (fields, credentials) => {
          try {
            const settings = read(fields, credentials);
            should(settings).be.an.Object();
            right += 1;
          } catch (thrown) {
            if (!(thrown instanceof SetupError)) throw thrown;
            refused += 1;
            should(thrown.place).be.a.String().and.not.be.empty();
            should(thrown.message).containEql(thrown.place ?? '');
            should(thrown.message.length).be.below(longestMessage);
            should(thrown.message).not.containEql(secretOfSomebody);
          }
        }),
        cases(400),
      );
      // settings that are all right, or all wrong, would prove nothing
      should(right).be.above(20);
      should(refused).be.above(20);
      should(({} as Fields).unknown).be.undefined();
    });
  }
});

describe('what a message asks of a device', () => {
  it('is read, or refused with the name of the property', () => {
    const known = fc.constantFrom(...parameterNames.map((name) => (name === 'value' ? 'payload' : name)), '__proto__');
    const message = fc.dictionary(known, fc.oneof(value, fc.integer({ min: 0, max: 8 }).map(String)));
    let [right, refused] = [0, 0];
    fc.assert(
      fc.property(message, fc.constantFrom(...parameterNames), (properties, name) => {
        const parameters = readMessage({ _msgid: 'x', ...properties });
        const asked = [
          () => parameters.text(name),
          () => parameters.required(name),
          () => parameters.number(name, 0, 8),
          () => parameters.integer(name, 0, 8),
        ];
        for (const read of asked) {
          try {
            const found = read();
            if (typeof found === 'number') should(found).be.within(0, 8);
            else if (found !== undefined) should(found).be.a.String().and.equal(found.trim()).and.not.equal('');
            right += 1;
          } catch (thrown) {
            if (!(thrown instanceof SetupError)) throw thrown;
            refused += 1;
            should(thrown.place).equal(name);
            should(thrown.message).startWith(`${name}: `);
            should(thrown.message.length).be.below(longestMessage);
          }
        }
      }),
      cases(400),
    );
    should(right).be.above(20);
    should(refused).be.above(20);
  });
});

describe('an environment variable in settings', () => {
  const variables = ['${GATEHOUSE_NOT_SET}', '$(GATEHOUSE_NOT_SET)', ' ${GATEHOUSE_NOT_SET} '];
  const number = [
    'timeoutSeconds',
    'port',
    'watchMisses',
    'pageSize',
    'staleMinutes',
    'quietMinutes',
    'stopDelay',
    'dedupeSeconds',
  ];
  for (const [type, read] of Object.entries(readers)) {
    it(`that is not set is named by a ${type}, in text and in numbers`, () => {
      const [base = {}] = saved.filter((each) => each.type === type);
      const texts = ['path', 'host', 'cameras', 'topics', 'channels', 'timeZone', 'allow', 'url', 'baseUrl', 'labels'];
      const fields = [...number, ...texts, 'organization'];
      const own = fields.filter((name) => Object.hasOwn(base, name));
      should(own).not.be.empty();
      for (const name of own) {
        for (const written of variables) {
          should(() => read({ ...base, [name]: written }, {})).throw(/GATEHOUSE_NOT_SET.* is not set/);
        }
      }
    });
  }

  it('is put in by the form of an open dialog as Node-RED puts it in at a start: where it is all there is', () => {
    process.env.GATEHOUSE_SET = 'yes';
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 10 }), value), (fields) => {
        const form = readForm({ ...fields, a: '${GATEHOUSE_SET}', b: 'x${GATEHOUSE_SET}', c: '$(GATEHOUSE_SET)' });
        should(form).containEql({ b: 'x${GATEHOUSE_SET}' });
        should(form).containEql({ a: 'yes', c: 'yes' });
        for (const name of Object.keys(fields).filter((each) => !['a', 'b', 'c'].includes(each))) {
          should(Object.is(form[name], fields[name])).be.true();
        }
      }),
      cases(200),
    );
    delete process.env.GATEHOUSE_SET;
  });
});

describe('a list of addresses', () => {
  const part = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.ipV6().map((address) => `[${address}]`),
    text,
    fc.tuple(fc.ipV4(), fc.integer({ min: -1, max: 130 })).map(([address, bits]) => `${address}/${bits}`),
    fc.tuple(fc.ipV6(), fc.integer({ min: -1, max: 130 })).map(([address, bits]) => `${address}/${bits}`),
    fc.ipV4().map((address) => `::ffff:${address}/120`),
  );

  it('is understood or refused, and one that is understood lets in what it names and nothing that is no address', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), text, (entries, stranger) => {
        try {
          const networks = new Networks(entries, 'allowed addresses');
          for (const entry of entries) should(networks.has(entry.replace(/\/\d+$/, ''))).be.true();
          should(networks.has(`${stranger} is no address`)).be.false();
        } catch (thrown) {
          should(thrown).be.instanceOf(SetupError);
        }
      }),
      cases(1000),
    );
  });
});
