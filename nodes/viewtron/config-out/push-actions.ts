/** Makes a device post to a viewtron-in node, and tells whether it does. */
import { SetupError } from '../../../src/errors';
import { splitList } from '../../../src/filter';
import { DeviceError } from '../../../src/vendors/viewtron/device/failure';
import {
  dataTypes,
  readPush,
  subscribe,
  unsubscribe,
  writeUrl,
  type Target,
} from '../../../src/vendors/viewtron/device/push';
import { readChoices, readNumber, readText } from '../../fields';
import { findReceiver } from '../receiver-node';
import { writeOptions, type Action, type Result, type Task } from './action';
import { findOwnAddress } from './own-address';

export const pushActions = {
  subscribe: { run: startPushing, isExclusive: true },
  unsubscribe: { run: stopPushing, isExclusive: true },
  'check-push': { run: checkPush },
} as const satisfies Readonly<Record<string, Action>>;

async function findTarget({
  RED,
  device,
  parameters,
  def,
}: Task): Promise<{ readonly target: Target; readonly notes: readonly string[] }> {
  const endpoint = findReceiver(RED, readText(def.receiver, 'receiver')).endpoint();
  const given = parameters.text('address');
  const isAny = ['', '0.0.0.0', '::'].includes(endpoint.host);
  const host = given ?? (isAny ? await findOwnAddress(device.connection.address.host) : endpoint.host);
  if (given === undefined && isLoopback(host) && !isLoopback(device.connection.address.host)) {
    const message = `the listener listens on ${host} only, where no camera reaches it; leave its address empty, or give the address that cameras see`;
    throw new SetupError('address-unreachable', message, { place: 'address' });
  }
  const notes = endpoint.asksWho
    ? [
        "the listener asks callers for a user and a password or a header; type them in the camera's web page, as the names of those fields are not published",
      ]
    : [];
  return { target: { protocol: endpoint.protocol, host, port: endpoint.port, path: endpoint.path }, notes };
}

async function startPushing(task: Task): Promise<Result> {
  const { device, parameters, def } = task;
  const { target, notes } = await findTarget(task);
  const events = splitList(readText(def.events, 'events'));
  const types = readChoices(def.dataTypes, dataTypes, ['alarmStatus', 'traject', 'smartData', 'targetImage']);
  const heartbeatSeconds = readNumber(def.heartbeat, 'heartbeat', 0, 86_400, 60);
  const result = await subscribe(
    device,
    {
      target,
      events: events.length === 0 ? ['ALL'] : events,
      dataTypes: types,
      heartbeatSeconds,
      slot: parameters.integer('slot', 1, 16),
      takeOver: def.takeOver === true,
    },
    writeOptions(task),
  );
  const payload = { ...result, notes: [...notes, ...result.notes] };
  return { payload, summary: (say) => say('done.posts-to', { url: writeUrl(target) }) };
}

async function stopPushing(task: Task): Promise<Result> {
  const { target } = await findTarget(task);
  const changes = await unsubscribe(task.device, target, writeOptions(task));
  return {
    payload: { changes, sent: changes.length > 0 && task.def.tryOnly !== true },
    summary: (say) => say('done.slots-off', { number: changes.length }),
  };
}

/** Whether the device is told to post here, and whether it has. */
async function checkPush(task: Task): Promise<Result> {
  const { RED, device, def, signal } = task;
  const receiver = findReceiver(RED, readText(def.receiver, 'receiver'));
  const { target } = await findTarget(task);
  const url = writeUrl(target);
  const { mac, name } = await device.abilities({ signal });
  const state = await readPush(device, { signal }).catch((thrown: unknown) => {
    // of a recorder, what it posts is all that can be known
    if (thrown instanceof DeviceError && thrown.code === 'push-unsupported') return undefined;
    throw thrown;
  });
  const slot = state?.slots.find((each) => each.isOn && each.url === url);
  const { host } = device.connection.address;
  const heard = receiver
    .heard()
    .findLast((entry) => (mac !== undefined && entry.device.mac === mac) || entry.device.ip === host);
  const lastHeard = heard === undefined ? undefined : new Date(heard.lastSeenMs).toISOString();
  const lastEvent = heard && receiver.lastEvent(heard.device.id);
  const verdict = lastEvent !== undefined ? 'events' : heard !== undefined ? 'heartbeats' : 'silent';
  const advice = {
    events: 'events have arrived',
    heartbeats: 'only heartbeats have arrived: reboot the device once, and see that a detection is switched on there',
    silent:
      state === undefined || slot !== undefined
        ? 'nothing has arrived: check that the device reaches this address, firewalls and containers in between'
        : 'nothing has arrived: no slot of the device posts here; send events to this Node-RED first',
  }[verdict];
  return {
    payload: { verdict, advice, url, slot: slot?.slot, lastHeard, lastEvent, device: name, mac },
    summary: (say) => say(`verdict.${verdict}`),
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
