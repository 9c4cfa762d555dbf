/** Bytes of one post to a typed message, or one typed error: the kinds are told apart by structure (reference 2.3). */
import type { WireError } from '../../errors';
import { child, isTree, textOf } from '../../wire/read';
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

/** @throws WireError as {@link parseXml} and {@link liftPictures} say */
export function decode(body: Buffer): Decoded {
  if (isBlank(body)) return { message: readHeartbeat(undefined, {}) };
  const { markup, pictures } = liftPictures(body);
  const { text, flaw } = decodeText(markup);
  const { root, tree } = parseXml(text);
  const message = classify(root, tree, pictures);
  return flaw === undefined ? { message } : { message, flaw };
}

function classify(root: string, tree: unknown, pictures: Parameters<typeof readDetection>[3]): ViewtronMessage {
  const config = child(tree, root);
  if (root.toLowerCase() === 'deviceinfo') return readHeartbeat(config, tree);
  if (textOf(config, 'messageType')?.toLowerCase() === 'keepalive') return readHeartbeat(config, tree);

  const code = textOf(config, 'smartType');
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

function isBlank(body: Buffer): boolean {
  for (const byte of body) if (byte > 0x20) return false;
  return true;
}
