/** Bytes of one post to a typed message, or one typed error: the kinds are told apart by structure (reference 2.3). */
import { WireError } from '../../errors';
import { child, compact, isTree, textOf } from '../../wire/read';
import { liftPictures } from '../../wire/pictures';
import { decodeText, parseXml } from '../../wire/xml';
import { readDetection } from './detection';
import type { ViewtronMessage } from './message';
import { readHeartbeat, readStatus, readTracking } from './status';
import { readDevice } from './targets';

export interface Decoded {
  readonly message: ViewtronMessage;
  /** The post could be read, and something was wrong with it. */
  readonly flaw?: WireError;
}

const blankLimitBytes = 256;
/** Several times what a crowded picture holds. */
const eventsLimit = 100;

/** @throws WireError as {@link parseXml} and {@link liftPictures} say */
export function decode(body: Buffer): Decoded {
  if (isBlank(body)) return { message: readHeartbeat(undefined, {}) };
  const { markup, pictures } = liftPictures(body);
  const { text, flaw } = decodeText(markup);
  const { root, tree } = parseXml(text);
  const { message, flaw: excess } = capEvents(classify(root, tree, pictures));
  const first = flaw ?? excess;
  return first === undefined ? { message } : { message, flaw: first };
}

function classify(root: string, tree: unknown, pictures: Parameters<typeof readDetection>[3]): ViewtronMessage {
  const config = child(tree, root);
  if (root.toLowerCase() === 'deviceinfo') return readHeartbeat(config, tree);
  const code = textOf(config, 'smartType');
  const isKeepalive = textOf(config, 'messageType')?.toLowerCase() === 'keepalive';
  if (isKeepalive && code === undefined) return readHeartbeat(config, tree);
  if (code !== undefined) return readDetection(config, tree, code, pictures);
  if (child(config, 'traject') !== undefined) return readTracking(config, tree);
  // a status post has a `deviceInfo` too: asking for that first would take it for a heartbeat
  if (child(config, 'alarmStatusInfo') !== undefined) return readStatus(config, tree);
  if (holdsOnlyDevice(config)) return readHeartbeat(config, tree);
  return {
    what: 'other',
    device: readDevice(child(config, 'deviceInfo'), config),
    time: readOtherTime(config),
    tree,
    root,
  };
}

function holdsOnlyDevice(config: unknown): boolean {
  if (!isTree(config)) return false;
  const names = Object.keys(config).filter((name) => !name.startsWith('@') && name !== '#text');
  return names.length === 1 && names[0]?.toLowerCase() === 'deviceinfo';
}

function readOtherTime(config: unknown): ViewtronMessage['time'] {
  const currentTime = textOf(config, 'currentTime');
  return currentTime === undefined ? {} : { currentTime };
}

/** A post of more events than this was made to harm; the rest of it stays in `raw`. */
function capEvents(message: ViewtronMessage): Decoded {
  const lists: readonly (readonly unknown[] | undefined)[] =
    message.what === 'status'
      ? [message.alarms]
      : message.what === 'detection'
        ? [message.items, message.targets, message.plates, message.faces]
        : [];
  const most = Math.max(0, ...lists.map((list) => list?.length ?? 0));
  if (most <= eventsLimit) return { message };
  const flaw = new WireError(
    'too-many-events',
    `the post holds ${most} events; the first ${eventsLimit} are sent, no device has more`,
    { place: message.what },
  );
  if (message.what === 'status') return { message: { ...message, alarms: message.alarms.slice(0, eventsLimit) }, flaw };
  if (message.what !== 'detection') return { message, flaw };
  const { items, targets, plates, faces } = message;
  return {
    message: {
      ...message,
      items: items.slice(0, eventsLimit),
      targets: targets.slice(0, eventsLimit),
      ...compact({ plates: plates?.slice(0, eventsLimit), faces: faces?.slice(0, eventsLimit) }),
    },
    flaw,
  };
}

/** White space of XML alone; more than a little of it is no heartbeat, and would be slow to look through. */
function isBlank(body: Buffer): boolean {
  return body.length < blankLimitBytes && /^[ \t\r\n]*$/.test(body.toString('latin1'));
}
