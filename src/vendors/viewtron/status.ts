/** The small posts: heartbeats, alarm states, tracking (reference 3.1, 3.2, 3.12). */
import { attributeOf, child, compact, descend, isTree, items, text, textOf } from '../../wire/read';
import {
  listLimit,
  type HeartbeatMessage,
  type StatusMessage,
  type TrackingMessage,
  type WireAlarm,
  type WireTime,
} from './message';
import { entries, readDevice, readTarget } from './targets';

export function readHeartbeat(root: unknown, tree: unknown): HeartbeatMessage {
  return { what: 'heartbeat', device: readDevice(descend(root, 'deviceInfo'), root), time: {}, tree };
}

/** An alarm may be one element, several of one name, or one with `item`s in it; `itemType` only declares. */
export function readStatus(config: unknown, tree: unknown): StatusMessage {
  const block = descend(config, 'alarmStatusInfo');
  const alarms: WireAlarm[] = [];
  const add = (name: string, element: unknown): void => {
    if (alarms.length > listLimit) return;
    const value = text(element);
    if (value === undefined) return;
    alarms.push(compact<WireAlarm>({ name, id: attributeOf(element, 'id'), value, active: readState(value) }));
  };
  if (isTree(block)) {
    for (const [name, value] of Object.entries(block)) {
      if (name.startsWith('@') || name === '#text') continue;
      for (const element of Array.isArray(value) ? (value as unknown[]) : [value]) {
        const states = items(element);
        if (states.length === 0) add(name, element);
        for (const state of states) add(name, state);
      }
    }
  }
  return {
    what: 'status',
    device: readDevice(descend(config, 'deviceInfo'), config),
    time: readTimes(config),
    tree,
    alarms,
  };
}

function readState(value: string): boolean | undefined {
  const word = value.toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : undefined;
}

export function readTracking(config: unknown, tree: unknown): TrackingMessage {
  return {
    what: 'tracking',
    device: readDevice(config, descend(config, 'deviceInfo')),
    time: readTimes(config),
    tree,
    targets: entries(child(config, 'traject')).map((item) => readTarget(item, [])),
  };
}

function readTimes(config: unknown): WireTime {
  return compact<WireTime>({ currentTime: textOf(config, 'currentTime'), dataTime: textOf(config, 'dataTime') });
}
