/** A port of our own, kept through Deploys. */
import type { SecureContextOptions } from 'node:tls';
import { systemClock } from '../../src/clock';
import { SetupError } from '../../src/errors';
import { Listener, type ListenerState } from '../../src/http/listener';
import { anyPath } from '../../src/http/routes';
import { serve } from '../../src/http/serve';
import type { Restart } from '../restart';
import { SharedDoor, type Claim, type Holder, type Transport } from './shared-door';

export interface OwnDoorSettings {
  /** Empty: all addresses. */
  readonly host: string;
  /** 0: any free one, for this listener alone. */
  readonly port: number;
  readonly tls: SecureContextOptions | undefined;
}

interface OwnTransport extends Transport {
  readonly isTls: boolean;
  setTls(tls: SecureContextOptions): void;
}

interface OpenDoor extends OwnDoorSettings {
  readonly key: string;
  readonly door: SharedDoor<OwnTransport>;
}

/** All open ports of this process. */
const open = new Set<OpenDoor>();
const wildcards = new Set(['', '0.0.0.0', '::']);

/** Whether a listener has that port, and it is open. */
export function isOwnDoorOpen(host: string, port: number): boolean {
  return [...open].some(
    (each) =>
      port !== 0 &&
      each.port === port &&
      each.door.isListening &&
      (each.host === host || wildcards.has(each.host) || wildcards.has(host)),
  );
}

/**
 * Opens a port, or joins the listener that has it.
 *
 * @param listenerId tells apart listeners that ask for any port
 * @throws SetupError `port-shared` when another listener has the port with another address or security
 */
export function claimOwnDoor(settings: OwnDoorSettings, listenerId: string, holder: Holder, restart: Restart): Claim {
  const { host, port, tls } = settings;
  const key = `${host} ${port === 0 ? listenerId : port}`;
  const isTls = tls !== undefined;
  const present = [...open].find((each) => each.key === key);
  if (present !== undefined && present.door.transport.isTls === isTls) {
    if (tls !== undefined) present.door.transport.setTls(tls);
    return present.door.claim(holder);
  }
  const inTheWay = [...open].filter(
    (each) =>
      each === present || (port !== 0 && each.port === port && (wildcards.has(each.host) || wildcards.has(host))),
  );
  for (const { door } of inTheWay) {
    const [other] = door.holders;
    if (other === undefined) continue;
    const cure = 'give both the same address and the same TLS setting, or another port';
    throw new SetupError('port-shared', `port ${port} belongs to the listener "${other.name}" already; ${cure}`, {
      place: 'port',
      retryable: true,
    });
  }
  // nobody has these but those who came before a Deploy, and they had them otherwise
  const isFree = Promise.all(inTheWay.map(({ door }) => door.abandon()));
  const door: SharedDoor<OwnTransport> = new SharedDoor<OwnTransport>(
    holder.limits,
    systemClock,
    restart,
    (options) => {
      let bound = port;
      const listener = new Listener({
        host,
        port,
        tls,
        clock: systemClock,
        limits: holder.limits,
        onRequest: (request, response) => serve(request, response, options),
        onState: (state: ListenerState) => {
          if (state.is === 'listening') bound = state.port;
          options.onState(state);
        },
        onRubbish: options.onRubbish,
      });
      return {
        isTls,
        open: () => void isFree.then(() => listener.open()),
        close: () => listener.close(),
        limit: (limits) => void (listener.limits = limits),
        setTls: (next) => void (listener.tls = next),
        describe: (path) => `${host.includes(':') ? `[${host}]` : host}:${bound}${path === anyPath ? '/*' : path}`,
        urlPath: (path) => path,
        check: () => undefined,
        findConflict: () => undefined,
      };
    },
    () => void open.delete(entry),
  );
  const entry: OpenDoor = { key, host, port, tls, door };
  open.add(entry);
  return door.claim(holder);
}
