/** The node viewtron-presence in Node-RED's runtime: what goes in, what comes out of which output, and what is said of errors. */
import helper from 'node-red-node-test-helper';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import should from 'should';
import viewtronPresence = require('../../nodes/viewtron/viewtron-presence');
import type { SecurityEvent } from '../../src/event';
import { toTargets, tracking, type Seen } from '../presence/watch';

helper.init(require.resolve('node-red'));

/** Core nodes have no types of their own. */
const loadCore = (file: string): typeof viewtronPresence =>
  require(require.resolve(`@node-red/nodes/core/common/${file}`, { paths: [require.resolve('node-red')] }));
const catchNode = loadCore('25-catch.js');
const statusNode = loadCore('25-status.js');

interface Message {
  readonly topic: string;
  readonly payload: SecurityEvent & string;
  readonly error?: { readonly message: string; readonly code: string };
  readonly status?: { readonly fill: string; readonly text: string };
}

const outputs = ['presence', 'targets', 'crossings', 'rules', 'picture'];
const inbox = new Map<string, Message[]>();
let notify: () => void = () => undefined;

function collector(RED: NodeAPI): void {
  RED.nodes.registerType('test-collector', function collect(this: Node, def: NodeDef) {
    RED.nodes.createNode(this, def);
    const received: Message[] = [];
    inbox.set(this.id, received);
    this.on('input', (message) => {
      received.push(message as unknown as Message);
      notify();
    });
  });
}

const door = {
  shape: 'line',
  id: 'door',
  name: 'Door',
  points: [
    [0.5, 0.9],
    [0.5, 0.1],
  ],
  forbidden: 'in',
};

async function start(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
  inbox.clear();
  const flow: readonly object[] = [
    { id: 'tab', type: 'tab', label: 'test' },
    { id: 'n', type: 'viewtron-presence', z: 'tab', stopDelay: 0.2, ...settings, wires: outputs.map((name) => [name]) },
    ...[...outputs, 'caught', 'states', 'completed'].map((id) => ({ id, type: 'test-collector', z: 'tab' })),
    { id: 'c', type: 'catch', z: 'tab', wires: [['caught']] },
    { id: 's', type: 'status', z: 'tab', wires: [['states']] },
  ];
  await helper.load([viewtronPresence, catchNode, statusNode, collector], flow as helper.TestFlows);
}

let lastMs = 0;

/** A post of its own millisecond: two of the same would be one. */
function post(...seen: readonly Seen[]): void {
  lastMs = Math.max(Date.now(), lastMs + 1);
  helper.getNode('n').receive({ payload: tracking(lastMs, toTargets(seen)) });
}

async function until(output: string, isDone: (messages: readonly Message[]) => boolean): Promise<readonly Message[]> {
  const received = (): readonly Message[] => inbox.get(output) ?? [];
  while (!isDone(received())) await new Promise<void>((resolve) => (notify = resolve));
  return received();
}

const has = (count: number) => (messages: readonly Message[]) => messages.length >= count;

describe('viewtron-presence', () => {
  afterEach(() => helper.unload());

  it('tells presence, targets, crossings, rules and pictures, each on its own output', async () => {
    await start({ shapes: [door], pictures: 25, scene: false, anchor: 'middle' });
    post([7, 0.4, 0.5]);
    post([7, 0.6, 0.5]);
    const [crossed] = await until('crossings', has(1));
    should(crossed?.payload).containEql({ kind: 'line-crossed', category: 'counting', type: 'crossings' });
    should((await until('rules', has(1)))[0]?.topic).equal('viewtron/intrusion');
    const presence = await until('presence', has(2));
    should(presence.map(({ topic, payload }) => [topic, payload.kind, payload.state])).deepEqual([
      ['viewtron/track', 'presence', 'start'],
      ['viewtron/track', 'presence', 'stop'],
    ]);
    const targets = (inbox.get('targets') ?? []).map(({ payload }) => payload.kind);
    should(targets.filter((kind) => kind !== 'target-moved')).deepEqual(['target-arrived', 'target-left']);
    const [picture] = await until('picture', has(1));
    should(picture?.topic).equal('viewtron/picture');
    should(picture?.payload).match(/^<svg /);
    should(inbox.get('caught')).be.empty();
  });

  it('begins counts anew when told, and says what it had counted', async () => {
    await start({ shapes: [door], anchor: 'middle' });
    post([7, 0.4, 0.5]);
    post([7, 0.6, 0.5]);
    await until('crossings', has(1));
    helper.getNode('n').receive({ reset: 'Window' });
    helper.getNode('n').receive({ reset: 'Door' });
    helper.getNode('n').receive({ reset: true });
    const told = (await until('crossings', has(3))).map(({ payload }) => [payload.kind, payload.crossing?.in]);
    should(told).deepEqual([
      ['line-crossed', 1],
      ['counts-reset', 1],
      ['counts-reset', 0],
    ]);
  });

  it('takes events that have been through a queue, and refuses what is no event with an error that can be caught', async () => {
    await start();
    const event = JSON.parse(JSON.stringify(tracking(Date.now(), toTargets([[7, 0.5, 0.5]])))) as object;
    helper.getNode('n').receive({ payload: event });
    should((await until('presence', has(1)))[0]?.payload.state).equal('start');
    for (const payload of [
      '',
      7,
      null,
      [],
      {},
      { ...event, time: 'soon' },
      { ...event, device: {} },
      { ...event, vendor: 'acme' },
    ])
      helper.getNode('n').receive({ payload });
    const caught = await until('caught', has(8));
    for (const { error } of caught) {
      should(error?.code).equal('not-an-event');
      should(error?.message).match(/wire viewtron-in to this node/);
    }
  });

  it('is not upset by targets that make no sense', async () => {
    await start({ pictures: 25 });
    const event = tracking(Date.now(), []);
    const targets: readonly unknown[] = [
      null,
      'person',
      { id: {}, type: 'person' },
      { id: '1', type: 'dragon', box: { x: -5, y: 'a', width: Infinity, height: NaN } },
      { id: 2, type: 'person', box: { x: 0.1, y: 0.1, width: 0.1, height: 0.1 } },
    ];
    helper
      .getNode('n')
      .receive({ payload: { ...event, targets, images: [null, { role: 'scene', data: 7, mimeType: 'x' }] } });
    const told = await until('targets', has(4));
    should(told.slice(0, 2).map(({ payload }) => payload.targets[0])).deepEqual([
      { id: '1', type: 'unknown' },
      { id: '2', type: 'person', box: { x: 0.1, y: 0.1, width: 0.1, height: 0.1 } },
    ]);
    should(inbox.get('caught')).be.empty();
  });

  it('says how many are there', async () => {
    await start();
    await until('states', (states) => states.some(({ status }) => status?.text.includes('status.waiting')));
    post([7, 0.4, 0.5], [8, 0.4, 0.5]);
    await until('states', (states) => states.some(({ status }) => status?.text.includes('status.nobody')));
  });

  const wrong: readonly (readonly [what: string, settings: Readonly<Record<string, unknown>>, message: RegExp])[] = [
    ['a time that is none', { stopDelay: 'long' }, /gone after must be a number from 0.2 to 86400, not "long"/],
    ['a variable that is not set', { stopDelay: '${NOT_SET_ANYWHERE}' }, /NOT_SET_ANYWHERE} is not set/],
    [
      'a zone of two corners',
      {
        shapes: [
          {
            shape: 'zone',
            name: 'Yard',
            points: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
      },
      /zone "Yard" has 2 points/,
    ],
    ['heights upside down', { minHeight: 50, maxHeight: 20 }, /smallest height must not be above/],
    ['a format', { aspect: 'wide' }, /picture format "wide" is not known/],
    ['a time of day', { resetAt: '25:00' }, /counts begin anew at "25:00", which is no time/],
    ['a word', { anchor: 'head' }, /where a target stands must be one of feet, middle/],
  ];
  for (const [what, settings, message] of wrong) {
    it(`says in red and in an error what cannot be: ${what}`, async () => {
      await start(settings);
      const [caught] = await until('caught', has(1));
      should(caught?.error?.message).match(message);
      should(caught?.error?.code).equal('setting-invalid');
      const [state] = await until('states', has(1));
      should(state?.status).containEql({ fill: 'red' });
      should(state?.status?.text).match(message);
    });
  }
});
