/** Doors whose events go to one subscriber, one after another, as PDK's cloud sends them. */
import { setMaxListeners } from 'node:events';
import { systemClock, type Clock } from '../clock';
import { startPeople } from './people';
import { deliver, signatureHeaders, type Delivery, type DeliveryFault, type Message, type Subscriber } from './sender';

export interface DoorsOptions extends Subscriber {
  readonly clock?: Clock;
  readonly seed?: number;
  readonly fault?: DeliveryFault | undefined;
  readonly onDelivery?: (topic: string, delivery: Delivery) => void;
}

export interface Doors {
  /** May be changed at any time; holds for what is sent from then on. */
  fault: DeliveryFault | undefined;
  /** Resolves when all that has happened so far was sent. */
  idle(): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

export function startDoors(options: DoorsOptions): Doors {
  const { clock = systemClock, seed = 1, onDelivery } = options;
  const ended = new AbortController();
  setMaxListeners(0, ended.signal);
  let last: Promise<void> = Promise.resolve();
  let turn = 0;
  const send = async (message: Message): Promise<void> => {
    if (ended.signal.aborted) return;
    // both spellings of the header, in turns
    const header = signatureHeaders[turn++ % 2] ?? signatureHeaders[0];
    const delivery = await deliver(message, options, { header, fault: doors.fault, clock, signal: ended.signal });
    if (delivery !== undefined) onDelivery?.(message.topic, delivery);
  };
  const people = startPeople({
    clock,
    seed,
    onMessage: (message) => {
      last = last.then(() => send(message));
    },
  });
  const doors: Doors = {
    fault: options.fault,
    idle: () => last,
    async close() {
      ended.abort(new Error('The doors were closed.'));
      await people.close();
      await last;
    },
  };
  return doors;
}
