/** Camera or recorder: what the form of a post tells of who sends it (reference 2.2, 2.3). */
import { attributeOf, child, descend, isTree } from '../../wire/read';
import type { Sender } from '../vendor';
import type { ViewtronMessage } from './message';

const recorderLists = ['eventInfo', 'targetListInfo', 'licensePlateListInfo', 'faceListInfo'];

/** Undefined where both speak so. */
export function senderOf(message: ViewtronMessage): Sender | undefined {
  const { tree } = message;
  const [root, config] = isTree(tree) ? (Object.entries(tree)[0] ?? []) : [];
  switch (message.what) {
    case 'tracking':
      return 'camera';
    case 'detection':
      return byForm(message.code, config);
    case 'heartbeat':
      // recorders have no heartbeat without a body, and none with this root
      if (root === undefined || root.toLowerCase() === 'deviceinfo') return 'camera';
      return byVersion(config);
    case 'status':
      if (descend(config, 'deviceInfo', 'macAddress') ?? descend(config, 'deviceInfo', 'ipAddress')) return 'camera';
      return byVersion(config);
    case 'other':
      return undefined;
  }
}

/** A recorder writes words and lists of its own; a camera's codes are in capitals, and newer ones may borrow the lists. */
function byForm(code: string | undefined, config: unknown): Sender | undefined {
  const isWord = code === undefined || /^[a-z]/.test(code);
  if (recorderLists.some((name) => child(config, name) !== undefined)) return isWord ? 'recorder' : undefined;
  if (code === undefined) return undefined;
  return isWord && child(config, 'listInfo') === undefined ? 'recorder' : 'camera';
}

/** The version tells of small posts alone: cameras send detections of their own form in newer envelopes too. */
function byVersion(config: unknown): Sender | undefined {
  const version = attributeOf(config, 'version');
  if (version?.startsWith('1.') === true) return 'camera';
  return version?.startsWith('2.') === true && child(config, 'messageType') !== undefined ? 'recorder' : undefined;
}
