/** Help pages against what nodes send and read: all of that is described, nothing else is, and in the form of the style guide. */
import helper from 'node-red-node-test-helper';
import should from 'should';
import eventSchema from '../../src/event.schema.json';
import { Intake, IntakeMemory } from '../../src/intake';
import { viewtron } from '../../src/vendors/viewtron';
import { groups } from '../../src/vendors/camio/catalogue';
import { toEvent } from '../../src/vendors/camlytics/events';
import { decodeBody } from '../../src/vendors/camlytics/wire';
import { Intake as CamioIntake, IntakeMemory as CamioMemory } from '../../src/vendors/camio/intake';
import { toTargets, tracking } from '../presence/watch';
import { makePost, openGate, openOptions, startMs } from '../support/events';
import { FakeClock } from '../support/fake-clock';
import { readSamples } from '../support/samples';
import {
  ask,
  caught,
  idOf,
  outputs,
  read,
  sent,
  startNodes,
  stopNodes,
  types,
  until,
  watched,
  type Json,
} from '../support/every-node';

const codes = (html: string): readonly string[] =>
  [...html.matchAll(/<code>([^<]*)<\/code>/g)].map(([, code]) => code!);
/** What stands below an h3. */
const section = (html: string, title: string): string => (html.split(`<h3>${title}</h3>`)[1] ?? '').split('<h3>')[0]!;
const dts = (html: string): readonly string[] => [...html.matchAll(/<dt[^>]*>([^<]+)<span/g)].map(([, name]) => name!);

/** Paths below the message that a page names: by a term, in full as `msg.a.b`, or as `b` where the text is about `a`. */
function namesOf(html: string): ReadonlySet<string> {
  const names = new Set(dts(section(html, 'Outputs')));
  const add = (parent: string, word: string): void => {
    if (/^(msg|payload)\./.test(word)) names.add(word.replace(/^msg\./, ''));
    else if (word.includes('.')) names.add(`payload.${word}`);
    else if (parent !== '') names.add(`${parent}.${word}`);
  };
  const fields = section(html, 'Outputs').matchAll(/<dt[^>]*>([^<]+)<span[^]*?<dd>([^]*?)<\/dd>/g);
  for (const [, term = '', text = ''] of fields) {
    for (const word of codes(text)) add(term, word);
    if (text.includes('stands beside it')) for (const word of codes(text)) add('payload', word);
  }
  for (const [, text = ''] of html.matchAll(/<(?:p|li|dd)>([^]*?)(?=<\/p>|<\/li>|<\/dd>|<dl)/g)) {
    let parent = '';
    for (const word of codes(text)) {
      add(parent, word);
      if (/^msg\.\w+$/.test(word)) parent = word.slice(4);
    }
  }
  for (const name of names) for (const { index } of name.matchAll(/\./g)) names.add(name.slice(0, index));
  return names;
}

/** The paths that a message has: of an event two levels below the payload, of an error or answer one. */
function pathsOf(message: Json): readonly string[] {
  const below = (value: unknown, depth: number): readonly string[] => {
    if (depth === 0 || typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return [];
    if (Array.isArray(value)) return value.flatMap((item) => below(item, depth));
    return Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined
        ? []
        : [key, ...(['raw', 'values'].includes(key) ? [] : below(inner, depth - 1).map((each) => `${key}.${each}`))],
    );
  };
  const { _msgid, error: _error, given, ...own } = message;
  // what came in and stays is no word of the node
  for (const [key, value] of Object.entries(given ?? {})) if (own[key] === value) Reflect.deleteProperty(own, key);
  const { payload, failure } = own as { payload?: Json; failure?: Json };
  const isEvent = payload?.receivedAt !== undefined;
  const inner = Array.isArray(payload) ? [] : below(payload, isEvent ? 2 : 1).map((path) => `payload.${path}`);
  return [...Object.keys(own), ...inner, ...below(failure, 1).map((path) => `failure.${path}`)];
}
const allPaths = (messages: readonly Json[]): readonly string[] => [...new Set(messages.flatMap(pathsOf))];

/** What takes minutes of silence, with a clock that is turned, and what the simulator of Camlytics never says. */
function tellRareEvents(): void {
  const clock = new FakeClock(startMs);
  const handlers = { onDrop: () => undefined, onEmpty: () => undefined, onError: () => undefined };
  const note = (type: string) => (payload: object) => void sent.get(type)?.push({ payload: { ...payload } });
  const memory = new IntakeMemory();
  const intake = new Intake(viewtron, { ...openGate, ...openOptions, watchMisses: 3 }, memory, clock, { ...handlers, onEvent: note('viewtron-in') }); // prettier-ignore
  for (let count = 0; count < 4; count++) {
    intake.take(makePost('', { receivedAt: clock.now() }));
    clock.advance(30_000);
  }
  clock.advance(600_000);
  intake.close();
  const camioSettings = {
    ...openOptions,
    groups: new Set(groups),
    quietMs: 60_000,
    onlyChanges: false,
    isClosed: false,
  };
  const camio = new CamioIntake(camioSettings, new CamioMemory(), clock, { ...handlers, onEvent: note('camio-callback-in') }); // prettier-ignore
  for (const { body } of readSamples('camio')) camio.take(makePost(body, { receivedAt: clock.now() }), 'callback');
  clock.advance(600_000);
  camio.close();
  const rows = readSamples('camlytics').flatMap(({ body }) => (body.includes('position_x') ? [body] : []));
  const reading = { timeZone: 'UTC', directions: { in: [], out: [] }, receivedAt: startMs, nameOf: () => undefined };
  for (const message of rows.flatMap(decodeBody)) note('camlytics-poll')(toEvent(message, reading));
}

const posted = { 'viewtron-in': 'viewtron', 'pdk-webhook-in': 'pdk', 'camlytics-webhook-in': 'camlytics', 'camio-callback-in': 'camio' }; // prettier-ignore

describe('the help pages', () => {
  const named = new Map(types.map(({ type, help }) => [type, namesOf(help)]));

  before(async () => {
    const { url, camlytics, cloud } = await startNodes();
    const post = async (path: string, body: Buffer, type: string): Promise<unknown> =>
      (
        await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(body) })
      ).arrayBuffer();
    for (const [type, vendor] of Object.entries(posted)) {
      for (const {
        body,
        query,
        post: { contentType },
      } of readSamples(vendor)) {
        if (query !== undefined) await (await fetch(`${url}/${type}?${query}`)).arrayBuffer();
        else await post(`/${type}`, body, contentType);
        if (vendor === 'camio') await post(`/${type}/hook-key-of-this-test`, body, contentType);
      }
      await post(`/${type}`, Buffer.from('{"a": ['), 'application/json');
      await helper
        .request()
        .post(`/security-events/${type}/${idOf(type)}/test`)
        .expect(200);
      await until(
        () => sent.get(type)!.some(({ payload }) => (payload as Json).test === true) && caught.get(type)!.length > 0,
      );
    }
    await post('/nobody', Buffer.from('x'), 'text/plain');
    tellRareEvents();

    let ms = Date.now();
    for (let x = 0.1; x < 0.95; x += 0.05) {
      const seen = tracking((ms += 143), toTargets([[7, x, 0.5], [8, x, 0.3, 'vehicle']])); // prettier-ignore
      helper.getNode(idOf('viewtron-presence')).receive(watched('viewtron-presence', { payload: seen }));
    }
    const presence = sent.get('viewtron-presence')!;
    await until(() =>
      presence.some(({ payload }) => (payload as Json).kind === 'presence' && (payload as Json).state === 'stop'),
    );
    await ask('viewtron-presence', { reset: true });
    await until(() => presence.some(({ topic }) => topic === 'viewtron/picture'));
    await ask('viewtron-presence', { payload: 1 }, false);

    const device = async (message: Json, isSent = true): Promise<Json> => ask('viewtron-config-out', message, isSent);
    await device({ action: ' read ', what: 'perimeter' });
    await device({ action: 'write', payload: { perimeter: { switch: true } } });
    await device({ action: 'subscribe' });
    await device({ action: 'check-push' });
    await device({ action: 'snapshot' });
    await device({ action: 'read', what: 'perimeter', channel: 7 }, false);
    await device({ action: 'read', what: 'perimeter', host: '127.0.0.2' }, false);
    await device({ action: 'read', what: 'garden' }, false);

    const hooks = async (operation: string, payload: Json = {}, isSent = true): Promise<Json> =>
      (await ask('pdk-hook-manager', { operation, payload }, isSent)).payload as Json;
    const secret = 'a-secret-of-this-test-0123456789';
    await hooks('ensure', { secret, topics: ['door.request.*', 'permission.*'] });
    await hooks('list');
    const own = { name: 'mine', url: 'https://elsewhere.example.com/x', topics: ['door.alarm.*'], secret };
    const made = await hooks('create', own);
    const id = String((made.subscriptions as Json[])[0]?.id);
    await hooks('get', { id });
    await hooks('update', { id, active: false });
    const lists = cloud.count('list');
    helper.getNode(idOf('pdk-hook-manager')).receive({ operation: 'watch' });
    await cloud.arrived('list', lists + 1);
    const hook = cloud.hooks.find((each) => each.id === id)!;
    Object.assign(hook, { active: true, odometer: 9 });
    Object.assign(hook.fields, { expiresAt: '2101-02-03T04:05:06.000Z' });
    await hooks('watch');
    await hooks('delete', { id });
    await hooks('get', { id }, false);
    await hooks('update', { id }, false);

    camlytics.database.add({ type: 'TripwireCrossed', ruleName: 'Enter', origin: 'Pedestrian', objectId: '4' });
    const polled = sent.get('camlytics-poll')!;
    await until(() => polled.length > 0);
    for (const command of ['channels', 'totals', 'replay'])
      await ask('camlytics-poll', { payload: { command, sinceId: 0 } });
    await ask('camlytics-poll', { payload: { command: 'dance' } }, false);
    await camlytics.close();
    await until(
      () =>
        polled.some(({ payload }) => (payload as Json).kind === 'device-offline') &&
        caught.get('camlytics-poll')!.length > 1,
    );

    const [event] = sent.get('pdk-webhook-in')!;
    await ask('camio-event-out', { action: 'events', labels: 'a', payload: event?.payload });
    const words = { event_type: 'Entry', actor_name: 'A', actor_id: '1', actor_email: 'a@example.com', labels: ['b'] };
    const at = { device_id: 'door', timestamp: '2031-02-03T04:05:06Z' };
    await ask('camio-event-out', { action: 'events', payload: { ...at, ...words } });
    await ask('camio-event-out', { action: 'events', payload: [] }, false);
    await until(() => caught.get('security-listener')!.length > 0 && caught.get('viewtron-presence')!.length > 1);
  });
  after(stopNodes);

  it('name every property of every message that the nodes send', () => {
    const missing: string[] = [];
    for (const { type, help } of types) {
      const shape = /events of the shape that <code>([^<]+)<\/code> sends/.exec(help)?.[1];
      const known = new Set([...named.get(type)!, ...(shape === undefined ? [] : named.get(shape)!)]);
      const isAny = help.includes('<dt>payload<span class="property-type">any');
      for (const path of allPaths(sent.get(type)!))
        if (!known.has(path) && !(isAny && path.startsWith('payload.'))) missing.push(`${type}: ${path}`);
    }
    should(missing).be.empty();
  });

  it('name every property of what Catch nodes get', () => {
    const missing: string[] = [];
    for (const { type } of types) {
      for (const path of allPaths(caught.get(type)!)) if (!named.get(type)!.has(path)) missing.push(`${type}: ${path}`);
    }
    should(missing).be.empty();
  });

  it('name no property that is never sent', () => {
    const missing: string[] = [];
    for (const { type, help } of types) {
      const paths = new Set(allPaths(sent.get(type)!));
      const terms = dts(section(help, 'Outputs'));
      for (const term of terms) if (!paths.has(term)) missing.push(`${type}: ${term}`);
    }
    should(missing).be.empty();
  });

  it('name what the nodes read of a message, and nothing else', () => {
    const missing: string[] = [];
    const everywhere = new Set(types.flatMap(({ type }) => [...read.get(type)!]));
    for (const { type, help } of types) {
      const inputs = section(help, 'Inputs');
      const asked = read.get(type)!;
      const said = new Set([...dts(inputs), ...codes(inputs)].flatMap((word) => word.split('.')));
      const event = new Set(Object.keys(eventSchema.properties).map((name) => `payload.${name}`));
      const isOfEvent = (path: string): boolean => event.has(path) && /event/.test(inputs);
      for (const path of asked)
        if (!said.has(path.split('.').at(-1) ?? '') && !isOfEvent(path)) missing.push(`${type} reads ${path}`);
      for (const term of dts(inputs)) if (!asked.has(term)) missing.push(`${type} does not read ${term}`);
      const known = new Set([
        ...everywhere,
        ...allPaths([...sent.get(type)!, ...caught.get(type)!]),
        'error.code',
        'error.message',
      ]);
      for (const [, path] of help.matchAll(/<code>msg\.([\w.]+)<\/code>/g))
        if (!known.has(path!)) missing.push(`${type} has no msg.${path}`);
    }
    should(missing).be.empty();
  });

  for (const { type, help } of types) {
    it(`of ${type} have the form of the style guide`, () => {
      should(/^<script type="text\/html" data-help-name="([^"]+)">\n<p>/.exec(help)?.[1]).equal(type);
      const first = /<p>([^]*?)<\/p>/.exec(help)?.[1] ?? '';
      should(first.replace(/<\/?code>/g, '')).not.match(/</);
      should(first.match(/[.!?](\s|$)/g)?.length).be.within(1, 2);
      should(help).not.match(/<(b|i|strong|em|h1|h2|h5|h6)[ >]/);
      const titles = [...help.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, title]) => title);
      const order = ['Inputs', 'Outputs', 'Details', 'References'];
      should(titles).deepEqual(order.filter((title) => titles.includes(title)));
      should(help.indexOf('<h4>') === -1 || help.indexOf('<h4>') > help.indexOf('<h3>Details')).be.true();
      for (const title of ['Inputs', 'Outputs']) {
        const lists = [...section(help, title).matchAll(/<dl[^>]*>/g)].map(([list]) => list);
        should(lists.every((list) => list === '<dl class="message-properties">')).be.true();
        for (const [term] of section(help, title).matchAll(/<dt.*/g)) should(term).match(/^<dt( class="optional")?>[\w.]+<span class="property-type">(string|number|boolean|object|array|any)( \| (string|number|boolean|object|array))*<\/span><\/dt>$/); // prettier-ignore
      }
      should(section(help, 'Outputs').includes('node-ports')).equal((outputs[type] ?? 1) > 1);
    });
  }
});
