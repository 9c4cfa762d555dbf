/**
 * Bytes of a Camio post to typed messages, or one typed error. Members are looked for wherever the vendor has put them
 * in one sample or another (reference 4): under `data.object`, under `data`, at the root, within `zone` and `incident`.
 */
import { WireError } from '../../errors';
import { parseJson } from '../../wire/json';
import { EncodedPicture } from '../../wire/pictures';
import { child, compact, copyTree, isTree, longestWord, treeOf, wordOf, type Tree } from '../../wire/read';
import type { Account } from '../../event';

export interface WireImage {
  readonly picture: EncodedPicture;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly timestamp: string | undefined;
}

/** `callback`: with Camio's envelope; `hook`: the pictures of one video Event; `custom`: as a user has written it. */
export type Form = 'callback' | 'hook' | 'custom';

export interface CamioMessage {
  readonly form: Form;
  /** Of the envelope. */
  readonly id: string | undefined;
  /** The vendor's word, verbatim; empty where there is none. */
  readonly type: string;
  readonly account: Account;
  readonly camera: { readonly name: string | undefined; readonly ip: string | undefined };
  readonly zone: Tree | undefined;
  readonly incident: Tree | undefined;
  /** Of an access control system; undefined where the message has no such list. */
  readonly events: readonly Tree[] | undefined;
  /** What the list stands for in the tree. */
  readonly list: unknown;
  readonly sourceServer: string | undefined;
  readonly images: readonly WireImage[];
  /** `data.object`, or what comes next to it. */
  readonly object: Tree;
  readonly tree: Tree;
}

export interface Decoded {
  readonly messages: readonly CamioMessage[];
  /** A part that could not be read; the others are there all the same. */
  readonly error?: WireError;
}

/** Messages of one post, and events in all of them: nobody has seen more than a few. */
const [mostMessages, mostEvents] = [100, 1000];
/** Values in all copies of what stands beside events: each gets one of its own. Real posts have some hundreds. */
const mostCopies = 200_000;

/** @throws WireError of the JSON, `camio-empty`, `camio-no-object`, `camio-too-many` */
export function decode(bytes: Buffer): Decoded {
  if (isBlank(bytes)) throw new WireError('camio-empty', 'the request has no body: there is no event in it');
  const whole = parseJson(bytes);
  // nobody has seen several in one post, and nobody has said that it cannot be
  const parts: readonly unknown[] = Array.isArray(whole) ? whole : [whole];
  if (parts.length === 0)
    throw new WireError('camio-empty', 'the request holds an empty list: there is no event in it');
  if (parts.length > mostMessages) {
    const message = `the post holds ${parts.length} messages: more than Camio sends`;
    throw new WireError('camio-too-many', message, { place: 'the whole' });
  }
  const messages: CamioMessage[] = [];
  let error: WireError | undefined;
  // bounds of the post: a list of messages, each with as many as one may have, would cost a hundred times as much
  let [events, copies] = [0, 0];
  parts.forEach((part, index) => {
    const place = Array.isArray(whole) ? `[${index}]` : 'the whole';
    try {
      if (!isTree(part))
        throw new WireError('camio-no-object', `a post of Camio is a JSON object (${place})`, { place });
      const { message, size, lost } = toMessage(part);
      messages.push(message);
      events += size.events;
      copies += size.copies;
      error ??= lost;
    } catch (thrown) {
      if (!(thrown instanceof WireError)) throw thrown;
      error ??= thrown;
    }
  });
  if (events > mostEvents || copies > mostCopies) {
    const message = `the post holds ${events} events, and ${copies} values in the copies beside them: more than Camio sends`;
    throw new WireError('camio-too-many', message, { place: 'the whole' });
  }
  if (messages.length === 0 && error !== undefined) throw error;
  return { messages, ...(error && { error }) };
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < 64 && /^[\ufeff\s]*$/.test(bytes.toString('utf8'));
}

interface Found {
  readonly message: CamioMessage;
  readonly size: ListSize;
  readonly lost?: WireError;
}

function toMessage(whole: Tree): Found {
  const images = readImages(child(whole, 'images'));
  const isHook = images !== undefined && !isTree(child(whole, 'data'));
  const tree = isHook ? withoutPictures(whole) : whole;
  const data = treeOf(tree, 'data');
  const object = treeOf(data, 'object');
  const places = [object, data, tree];
  const incident = findTree(places, 'incident');
  const zone = findTree(places, 'zone');
  const inner = [incident, zone].filter((each) => each !== undefined);
  const type = wordOf(tree, 'type') ?? '';
  const { events, list, size, lost } = readEvents(places, type);
  const isCallback = isTree(child(tree, 'data')) || type !== '' || incident !== undefined || events !== undefined;
  const message: CamioMessage = {
    form: isHook ? 'hook' : isCallback ? 'callback' : 'custom',
    id: wordOf(tree, 'id'),
    type,
    account: readAccount([...places, ...inner]),
    camera: readCamera([...places, ...inner], incident),
    zone,
    incident,
    events,
    list,
    sourceServer: findWord(places, 'source_server'),
    images: images ?? [],
    object: places.find((each) => Object.keys(each).length > 0) ?? tree,
    tree,
  };
  return { message, size, ...(lost && { lost }) };
}

/** In texts of their own: parts of the post's text would keep all of it, pictures too, as long as a flow keeps an event. */
function withoutPictures(whole: Tree): Tree {
  const rest: unknown = JSON.parse(JSON.stringify(copyTree(whole, (name) => name.toLowerCase() === 'image_b64')));
  return isTree(rest) ? rest : {};
}

function findTree(places: readonly Tree[], name: string): Tree | undefined {
  return places.map((place) => child(place, name)).find(isTree);
}

function findWord(places: readonly Tree[], ...names: readonly string[]): string | undefined {
  for (const place of places) {
    const found = wordOf(place, ...names);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readAccount(places: readonly Tree[]): Account {
  const user = findTree(places, 'user') ?? {};
  return compact<Account>({
    id: toName(wordOf(user, 'user_id', 'id') ?? findWord(places, 'user_id')),
    email: toName(wordOf(user, 'email', 'email_address')),
    domain: toName(findWord(places, 'domain')),
  });
}

/** A table of the vendor names `camera_ip`, his sample has it within the incident: the incident first, then the others. */
function readCamera(places: readonly Tree[], incident: Tree | undefined): CamioMessage['camera'] {
  const camera = findTree(places, 'camera') ?? {};
  const own = incident === undefined ? places : [incident, ...places];
  return {
    // hooks have its name in the place of the object
    name: toName(wordOf(incident, 'camera_name') ?? wordOf(camera, 'name') ?? findWord(own, 'camera_name', 'camera')),
    ip: toName(findWord(own, 'camera_ip') ?? wordOf(camera, 'ip_address', 'camera_ip')),
  };
}

/** What is kept with each fault has a bound: longer than any name is no name, and stays in `raw`. */
function toName(word: string | undefined): string | undefined {
  return word === undefined || word.length > longestWord ? undefined : word;
}

/** What the events of a message will cost. */
interface ListSize {
  readonly events: number;
  /** Values in the copies of what stands beside them. */
  readonly copies: number;
}

interface FoundEvents {
  readonly events: readonly Tree[] | undefined;
  readonly list: unknown;
  readonly size: ListSize;
  readonly lost?: WireError;
}

/** A list of events makes a message one of an access control system, whatever its type: the vendor's sample has none. */
function readEvents(places: readonly Tree[], type: string): FoundEvents {
  const isNamed = type.toLowerCase() === 'pacs.events.created';
  const list = places
    .map((each) => child(each, 'events'))
    .find((found) => Array.isArray(found) || (isNamed && isTree(found)));
  if (list === undefined) return { events: isNamed ? [] : undefined, list, size: { events: 0, copies: 0 } };
  const all: readonly unknown[] = Array.isArray(list) ? list : [list];
  const events = all.filter(isTree);
  const size = { events: all.length, copies: events.length * countBeside(places.at(-1), list) };
  const wrong = all.findIndex((each) => !isTree(each));
  if (wrong === -1) return { events, list, size };
  const at = `events[${wrong}]`;
  const lost = new WireError('camio-no-object', `an event of an access control system is a JSON object (${at})`, {
    place: at,
  });
  return { events, list, size, lost };
}

/** Values of the whole message outside the list. */
function countBeside(value: unknown, list: unknown): number {
  if (value === list) return 0;
  const inner = isTree(value) ? Object.values(value) : Array.isArray(value) ? value : [];
  return inner.reduce<number>((sum, each) => sum + countBeside(each, list), 1);
}

function readImages(found: unknown): readonly WireImage[] | undefined {
  if (!Array.isArray(found)) return undefined;
  return found.filter(isTree).flatMap((image) => {
    const text = child(image, 'image_b64');
    if (typeof text !== 'string' || text === '') return [];
    const size = child(image, 'size');
    const [width, height] = (Array.isArray(size) ? size : []).map((side: unknown) =>
      typeof side === 'number' && Number.isInteger(side) && side > 0 ? side : undefined,
    );
    const picture = new EncodedPicture(Buffer.from(text, 'latin1'));
    const timestamp = wordOf(image, 'timestamp');
    return [{ picture, width, height, timestamp: timestamp && Buffer.from(timestamp).toString() }];
  });
}
