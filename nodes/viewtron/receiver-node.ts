/** What a viewtron-config-out node sees of the viewtron-in node that devices are to post to. */
import type { Node, NodeAPI } from 'node-red';
import { putLatest } from '../../src/bound';
import { SetupError } from '../../src/errors';
import type { SecurityEvent } from '../../src/event';
import type { Roster, RosterEntry } from '../../src/roster';
import { anyPath } from '../../src/http/routes';
import { findNode } from '../adapter';
import type { Endpoint } from '../listener/listener-node';

export interface Receiver {
  /** @throws SetupError `listener-missing` while nothing listens */
  endpoint(): Endpoint;
  /** Devices that have been heard. */
  heard(): readonly RosterEntry[];
  /** When the last event came of a device, beside heartbeats: ISO 8601. */
  lastEvent(device: string): string | undefined;
}

export interface ReceiverNode extends Node {
  /** Absent while the node could not start. */
  receiver?: Receiver | undefined;
}

/** Devices kept at most; a site has tens. */
const devicesKept = 500;

/** When the last event came of each device, beside heartbeats: sent or not. */
export class LastEvents {
  readonly #times = new Map<string, string>();

  note({ category, device, receivedAt }: SecurityEvent): void {
    if (category === 'heartbeat') return;
    putLatest(this.#times, device.id, receivedAt, devicesKept);
  }

  of(device: string): string | undefined {
    return this.#times.get(device);
  }
}

const standardPath = '/API';

export function createReceiver(roster: Roster, last: LastEvents, endpoint: () => Endpoint | undefined): Receiver {
  return {
    endpoint() {
      const found = endpoint();
      if (found === undefined) {
        const message = 'the listener of the chosen viewtron-in node does not listen yet; see its status';
        throw new SetupError('listener-missing', message, { place: 'receiver', retryable: true });
      }
      // a device needs one path, a node on all takes any
      return found.path.endsWith(anyPath)
        ? { ...found, path: found.path.slice(0, -1).replace(/\/?$/, standardPath) }
        : found;
    },
    heard: () => roster.entries,
    lastEvent: (device) => last.of(device),
  };
}

/** @throws SetupError `receiver-missing` */
export function findReceiver(RED: NodeAPI, id: string): Receiver {
  const node = findNode(RED, id);
  const receiver = node !== undefined && 'receiver' in node ? node.receiver : undefined;
  if (isReceiver(receiver)) return receiver;
  const message =
    'no viewtron-in node: open the node and choose the one that shall get the events; it must be deployed and enabled';
  throw new SetupError('receiver-missing', message, { place: 'receiver' });
}

function isReceiver(value: unknown): value is Receiver {
  return typeof value === 'object' && value !== null && 'endpoint' in value && 'heard' in value;
}
