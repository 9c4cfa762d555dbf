/** Bytes of one post to a typed message, or one typed error: the kinds are told apart by structure (reference 2.3). */
import { WireError } from '../../errors';
import { child, isTree, textOf } from '../../wire/read';
import { liftPictures } from '../../wire/lift';
import { decodeText, parseXml } from '../../wire/xml';
import { readDetection } from './detection';
import { listLimit, type DetectionMessage, type ViewtronMessage } from './message';
import { readHeartbeat, readStatus, readTracking } from './status';
import { readDevice } from './targets';

export interface Decoded {
  readonly message: ViewtronMessage;
  /** The post could be read, and something was wrong with it. */
  readonly flaw?: WireError;
}

const blankLimitBytes = 256;
const tooMany = `the post lists more than ${listLimit} events or targets; the first ${listLimit} are sent, no device has more`;
const cappedLists = ['alarms', 'items', 'targets', 'plates', 'faces'];

/** @throws WireError as {@link parseXml} and {@link liftPictures} say */
export function decode(body: Buffer): Decoded {
  if (isBlank(body)) return { message: readHeartbeat(undefined, {}) };
  const { markup, pictures, flaw: leftOut } = liftPictures(body);
  const { text, flaw } = decodeText(markup);
  const { root, tree } = parseXml(text);
  const { message, flaw: excess } = capLists(classify(root, tree, pictures));
  const first = flaw ?? leftOut ?? excess;
  return first === undefined ? { message } : { message, flaw: first };
}

function classify(root: string, tree: unknown, pictures: Parameters<typeof readDetection>[2]): ViewtronMessage {
  const config = child(tree, root);
  if (root.toLowerCase() === 'deviceinfo') return readHeartbeat(config, tree);
  const code = textOf(config, 'smartType');
  const isKeepalive = textOf(config, 'messageType')?.toLowerCase() === 'keepalive';
  if (isKeepalive && code === undefined) return readHeartbeat(config, tree);
  if (code !== undefined) return readDetection(root, tree, pictures);
  if (child(config, 'traject') !== undefined) return readTracking(config, tree);
  // a status post has a `deviceInfo` too: asking for that first would take it for a heartbeat
  if (child(config, 'alarmStatusInfo') !== undefined) return readStatus(config, tree);
  if (holdsOnlyDevice(config)) return readHeartbeat(config, tree);
  const unnamed = readDetection(root, tree, pictures);
  if (saysAnything(unnamed)) return unnamed;
  return {
    what: 'other',
    device: readDevice(child(config, 'deviceInfo'), config),
    time: readOtherTime(config),
    tree,
    root,
  };
}

/** True for a post that says no kind and yet has an event, a target or a picture in one of the known places. */
function saysAnything({ items, targets, plates, faces, scene }: DetectionMessage): boolean {
  return items.length + targets.length > 0 || (plates ?? faces ?? scene) !== undefined;
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

/** A post of more events or targets than this was made to harm; the rest of it stays in `raw`. */
function capLists(message: ViewtronMessage): Decoded {
  let capped: ViewtronMessage | undefined;
  for (const name of cappedLists) {
    const list: unknown = Reflect.get(message, name);
    if (!Array.isArray(list) || list.length <= listLimit) continue;
    capped ??= { ...message };
    Reflect.set(capped, name, list.slice(0, listLimit));
  }
  if (capped === undefined) return { message };
  return { message: capped, flaw: new WireError('too-many-events', tooMany, { place: message.what }) };
}

/** White space of XML alone; more than a little of it is no heartbeat, and would be slow to look through. */
function isBlank(body: Buffer): boolean {
  return body.length < blankLimitBytes && /^[ \t\r\n]*$/.test(body.toString('latin1'));
}
