/** What happens at the doors of a little organization over time, as PDK's cloud tells it: both families of events. */
import { setMaxListeners } from 'node:events';
import { systemClock, type Clock } from '../clock';
import { createRandom, type Random } from '../random';
import type { Message } from './sender';

export interface PeopleOptions {
  /** Told in the order in which it happens. */
  readonly onMessage: (message: Message) => void;
  readonly clock?: Clock;
  readonly seed?: number;
  readonly panelId?: string;
  readonly organizationId?: string;
  readonly signal?: AbortSignal;
}

export interface People {
  /** May be called twice. */
  close(): Promise<void>;
}

interface Door {
  readonly doorId: number;
  readonly doorName: string;
}

const mainEntrance: Door = { doorId: 1, doorName: 'Main entrance' };
const yardGate: Door = { doorId: 2, doorName: 'Yard gate' };
const warehouse: Door = { doorId: 3, doorName: 'Warehouse' };
const controller = { ioLinkId: 4, ioLinkName: 'Main controller', address: '' };
const staff = [101, 102, 103, 104] as const;
const dismissed = 113;

/** Everybody has passed, was refused, forced or held a door open once within 5 s. */
export function startPeople(options: PeopleOptions): People {
  const { clock = systemClock, panelId = '1070000', organizationId = '57e50e4840ce4f00017df412', onMessage } = options;
  const random = createRandom(options.seed ?? 1);
  const ended = new AbortController();
  const signal = options.signal === undefined ? ended.signal : AbortSignal.any([ended.signal, options.signal]);
  // One listener for each life; that many are no leak.
  setMaxListeners(0, signal);
  const wait = (ms: number): Promise<void> => clock.sleep(ms, signal);

  const tell = (topic: string, body: object, metadata: object): void =>
    onMessage({ id: makeId(random), body, metadata: { occurred: clock.now(), ...metadata }, panelId, topic });
  const atDoor = (topic: string, { doorId, doorName }: Door, more: object = {}): void =>
    tell(topic, { doorId, ...more }, { doorName });
  const atController = (topic: string, more: object = {}): void => {
    const { ioLinkName, ...body } = controller;
    tell(topic, { ...more, ...body }, { ioLinkName });
  };
  const connectivity = (topic: string, online: boolean): void => {
    const timestamp = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    onMessage({ ip: '192.0.2.10', online, timestamp, panelId, topic });
  };
  const organization = (topic: string, fields: object): void =>
    onMessage({
      ...fields,
      user: { id: '5f92b1682633360001cd3a4f', firstName: 'Ada', lastName: 'Example' },
      clientInfo: { ipAddress: '192.0.2.77', userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' },
      topic,
    });
  const scan = (door: Door, personId: number): object => {
    const who = { personId, requestFactor: 'CARD_OR_PIN' };
    atDoor('door.request.found', door, who);
    return who;
  };

  /** One unlock by card is several events. */
  const enter = async (door: Door, personId: number, openMs: number): Promise<void> => {
    atDoor('door.request.allowed', door, scan(door, personId));
    atDoor('door.input.relay.on', door);
    await wait(200);
    atDoor('door.input.dps.opened', door);
    await wait(openMs);
    atDoor('door.input.dps.closed', door);
    atDoor('door.input.relay.off', door);
  };
  const leave = async (door: Door): Promise<void> => {
    atDoor('door.input.rex.on', door);
    atDoor('door.input.relay.on', door);
    await wait(300);
    atDoor('door.input.rex.off', door);
    atDoor('door.input.relay.off', door);
  };
  const refuse = (door: Door): void =>
    atDoor('door.request.denied', door, { ...scan(door, dismissed), explicit: true, disabled: false });
  const force = async (door: Door): Promise<void> => {
    atDoor('door.input.dps.opened', door);
    atDoor('door.alarm.forced', door);
    await wait(8000);
    atDoor('door.input.dps.closed', door);
    atDoor('door.alarm.forced.cleared', door);
  };
  const hold = async (door: Door, personId: number): Promise<void> => {
    const closed = enter(door, personId, 6000);
    await Promise.all([closed, wait(1500).then(() => atDoor('door.alarm.propped.on', door))]);
    atDoor('door.alarm.propped.off', door);
  };
  const losePower = async (): Promise<void> => {
    atController('endpoint.input.pi.off');
    atController('endpoint.input.pp.status', { peripheralPowerOn: true, voltage: 12_870, current: 160 });
    await wait(7000);
    atController('endpoint.input.pi.on');
  };
  const loseCloud = async (): Promise<void> => {
    connectivity('panel.disconnected', false);
    await wait(9000);
    connectivity('panel.connected', true);
  };

  const repeat = async (firstMs: number, everyMs: number, act: () => unknown): Promise<void> => {
    await wait(firstMs);
    for (;;) {
      await act();
      await wait(everyMs);
    }
  };
  const lives = [
    repeat(300, 5000, () => enter(random.pick([mainEntrance, yardGate]), random.pick(staff), 1200)),
    repeat(900, 11_000, () => refuse(mainEntrance)),
    repeat(1400, 17_000, () => atDoor('door.request.unknown', yardGate)),
    repeat(1800, 13_000, () => leave(mainEntrance)),
    repeat(2200, 30_000, () => force(yardGate)),
    repeat(2700, 37_000, () => hold(warehouse, random.pick(staff))),
    repeat(3300, 61_000, () => atDoor('door.request.duress', warehouse, { personId: staff[0] })),
    repeat(3600, 43_000, losePower),
    repeat(4000, 53_000, loseCloud),
    repeat(4400, 47_000, () => {
      const fields = { ou: organizationId, email: 'b.example@example.com', userId: '644a19ba6e22d40001eec732' };
      organization('permission.updated', { ...fields, role: random.pick(['reporter', 'manager']) });
    }),
    repeat(4700, 71_000, () => {
      const details = { personId: dismissed, entityType: 'PERSON', groupId: 7, groupName: 'Visitors' };
      const action = 'person.modified.group.added';
      tell('entity.modified', { occurred: clock.now(), userId: '5f92b1682633360001cd3a4f', details, action }, {});
    }),
  ];
  const running = Promise.all(lives.map((life) => endQuietly(life)));
  return {
    async close() {
      ended.abort(new Error('The people have gone home.'));
      await running;
    },
  };

  async function endQuietly(life: Promise<void>): Promise<void> {
    try {
      await life;
    } catch (cause) {
      if (!signal.aborted) throw cause;
    }
  }
}

/** A UUID, version 4, that comes again with the same seed. */
function makeId(random: Random): string {
  const digits = Array.from({ length: 32 }, () => random.between(0, 15).toString(16));
  digits[12] = '4';
  digits[16] = random.pick(['8', '9', 'a', 'b']);
  return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
