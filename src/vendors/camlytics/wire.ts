/** Bytes of all three dialects to typed messages, or one typed error: REST answers, GET webhooks, JSON webhooks. */
import { WireError } from '../../errors';
import { parseJson, type JsonLimits } from '../../wire/json';
import { isTree, longestWord, type Tree } from '../../wire/read';
import { AnswerError } from './failures';

/** One event in Camlytics' words. Nothing in it is certain but the type, and the id of those that were asked for. */
export interface CamlyticsMessage {
  /** One sequence for all channels. Only events that were asked for have one. */
  readonly eventId: number | undefined;
  /** Undefined for a metric: occupancy or queue, whose form is not published. */
  readonly type: string | undefined;
  readonly time: string | undefined;
  readonly objectId: string | undefined;
  readonly origin: string | undefined;
  readonly ruleId: string | undefined;
  readonly ruleName: string | undefined;
  readonly channelId: string | undefined;
  readonly channelName: string | undefined;
  readonly numbers: Readonly<Record<string, number>>;
  /** The whole of it. */
  readonly tree: Tree;
}

/** A page of `GET events`. */
export interface EventPage {
  readonly events: readonly (CamlyticsMessage & { readonly eventId: number })[];
  /**
   * Elements that are no events, each with its id where that much can be read. Only the first ones have an error of their
   * own, the very first counts them all; behind them only those stand that have an id, with the last of the errors.
   */
  readonly faults: readonly { readonly error: WireError; readonly eventId: number | undefined }[];
  /** How many elements the answer had. */
  readonly length: number;
}

/** A camera or a file, without what opens it: `GET channels` tells passwords in clear text. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly type?: string;
  /** Address of the device and of its stream, without user, password and query. */
  readonly uri?: string;
  readonly streamUri?: string;
  readonly profile?: string;
}

export interface Total {
  readonly channelId: string;
  /** Of `events/totals/rule`. */
  readonly ruleId?: string;
  readonly ruleName?: string;
  /** Of `events/totals/type`. */
  readonly type?: string;
  readonly count: number;
}

/** A page that is asked for in one piece may have thousands of events with fourteen fields each. */
const pageLimits: JsonLimits = { depth: 16, values: 500_000, names: 1000 };

/** @throws WireError of the JSON, or `camlytics-no-array` */
export function decodeEvents(bytes: Buffer): EventPage {
  const found = readArray(bytes);
  const events: (CamlyticsMessage & { eventId: number })[] = [];
  const strange: { index: number; lacks: string; eventId: number | undefined }[] = [];
  const otherIds: number[] = [];
  found.forEach((element, index) => {
    const message = isTree(element) ? toMessage(element) : undefined;
    const { eventId, type } = message ?? {};
    if (message !== undefined && eventId !== undefined && type !== undefined) {
      events.push({ ...message, eventId });
    } else if (strange.length < mostFaults) {
      const lacks = message === undefined ? 'is no object' : `has no ${eventId === undefined ? 'event_id' : 'type'}`;
      strange.push({ index, lacks, eventId });
    } else if (eventId !== undefined) {
      // who does not go behind it asks for it again and again
      otherIds.push(eventId);
    }
  });
  const others = found.length - events.length - 1;
  const faults = strange.map(({ index, lacks, eventId }, place) => ({
    error: toFault(index, lacks, place === 0 ? others : 0),
    eventId,
  }));
  const last = faults.at(-1);
  if (last !== undefined) for (const eventId of otherIds) faults.push({ error: last.error, eventId });
  return { events, faults, length: found.length };
}

/** An error costs as much as a hundred elements do, and a hostile answer is of nothing else. */
const mostFaults = 20;

function toFault(index: number, lacks: string, others: number): WireError {
  const more = others === 0 ? '' : `, and so were ${others} more`;
  return new AnswerError('camlytics-bad-event', `element ${index} of the answer ${lacks}: it was passed over${more}`, {
    place: `[${index}]`,
  });
}

/** @throws WireError of the JSON, or `camlytics-no-array` */
export function decodeChannels(bytes: Buffer): readonly Channel[] {
  return readArray(bytes).flatMap((element) => {
    const fields = isTree(element) ? fieldsOf(element) : undefined;
    const id = wordOf(fields?.get('channelid'));
    if (fields === undefined || id === undefined) return [];
    const secrets = [fields.get('login'), fields.get('password')].flatMap((secret) => wordOf(secret, longestUri) ?? []);
    const [type, profile] = [wordOf(fields.get('type')), wordOf(fields.get('profilename'))];
    const uri = withoutSecrets(wordOf(fields.get('uri'), longestUri), secrets);
    const streamUri = withoutSecrets(wordOf(fields.get('streamuri'), longestUri), secrets);
    return {
      id,
      name: wordOf(fields.get('name')) ?? id,
      ...(type !== undefined && { type }),
      ...(uri !== undefined && { uri }),
      ...(streamUri !== undefined && { streamUri }),
      ...(profile !== undefined && profile !== 'none' && { profile }),
    };
  });
}

/** Some cameras take user and password as `user:password@`, some in the query, and some in the path itself. */
function withoutSecrets(uri: string | undefined, secrets: readonly string[]): string | undefined {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]+:\/\/)(.*)$/is.exec(uri ?? '') ?? [];
  if (scheme === '') return uri;
  // first, because a password may hold what would end it: an @, a slash, a question mark
  const masked = hideAll(rest, secrets);
  const [before = ''] = masked.split(/[?#]/);
  const fromHost = before.slice(before.lastIndexOf('@') + 1);
  return `${scheme}${fromHost.replace(/(user|login|usr|pass|password|pwd|auth|token|key)(=|%3D)[^&/;]*/gi, `$1=${mask}`)}`;
}

const mask = '***';
/** What is longer is none, and is not searched for secrets; a secret that is longer stands in none. */
const longestUri = 2000;
/** Shorter ones would be found in every word. In front of an @ and in a query they are left out all the same. */
const leastSecret = 3;

function hideAll(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets.filter(({ length }) => length >= leastSecret)) {
    for (const form of formsOf(secret)) shown = shown.split(form).join(mask);
  }
  return shown;
}

function formsOf(secret: string): ReadonlySet<string> {
  // half a letter cannot be encoded: to try is an exception
  if (/\p{Surrogate}/u.test(secret)) return new Set([secret]);
  return new Set([secret, encodeURIComponent(secret), encodeURI(secret)]);
}

/** @throws WireError of the JSON, or `camlytics-no-array` */
export function decodeTotals(bytes: Buffer): readonly Total[] {
  return readArray(bytes).flatMap((element) => {
    const fields = isTree(element) ? fieldsOf(element) : undefined;
    const channelId = wordOf(fields?.get('channelid'));
    const count = integerOf(fields?.get('rulecount') ?? fields?.get('typecount'));
    if (fields === undefined || channelId === undefined || count === undefined) return [];
    const [ruleId, ruleName] = [someOf(fields.get('ruleid')), someOf(fields.get('rulename'))];
    const type = wordOf(fields.get('type'));
    return {
      channelId,
      ...(ruleId !== undefined && { ruleId }),
      ...(ruleName !== undefined && { ruleName }),
      ...(type !== undefined && { type }),
      count,
    };
  });
}

function readArray(bytes: Buffer): readonly unknown[] {
  const tree = parseJson(bytes, pageLimits);
  if (Array.isArray(tree)) return tree;
  throw new AnswerError('camlytics-no-array', 'Camlytics answers with a list, and this is none', {
    place: 'the whole',
  });
}

/** Without the parameters of an event it is not Camlytics that asks: a person with a browser. */
export function decodeQuery(query: string): CamlyticsMessage | undefined {
  const tree: Record<string, string> = {};
  for (const [written, value] of splitQuery(query)) {
    const name = unescapeText(written);
    // what else is in the address, a secret it may be, is none of the event
    if (queryFields.has(toField(name))) tree[name] ??= unescapeText(value);
  }
  const message = toMessage(tree);
  return message.type === undefined ? undefined : message;
}

/** @throws WireError of the JSON, `camlytics-no-event`, `camlytics-too-many` */
export function decodeBody(bytes: Buffer): readonly CamlyticsMessage[] {
  const start = bytes
    .subarray(0, 64)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (/^[^{["]/.test(start) && /^[\w.-]{1,40}=/.test(start)) {
    const isTooLong = bytes.length > longestForm;
    const message = isTooLong ? undefined : decodeQuery(bytes.toString('utf8').trim());
    if (message !== undefined) return [message];
    const lacks = isTooLong ? `more than ${longestForm / 1024} KB` : 'no event-type';
    throw new WireError('camlytics-no-event', `the form has ${lacks}: it is none of Camlytics`, {
      place: 'event-type',
    });
  }
  const tree = parseJson(bytes);
  const found = Array.isArray(tree) ? tree : [tree];
  if (found.length > mostEvents) {
    throw new WireError('camlytics-too-many', `more than ${mostEvents} events are in one post`, { place: 'the whole' });
  }
  const strange = found.findIndex((element) => !isTree(element));
  if (strange !== -1 || found.length === 0) {
    const place = Array.isArray(tree) && strange !== -1 ? `[${strange}]` : 'the whole';
    throw new WireError('camlytics-no-event', `an event of Camlytics is a JSON object (${place})`, { place });
  }
  return found.filter(isTree).map(toMessage);
}

const mostEvents = 1000;
/** An address is no longer, as Node.js takes it. */
const longestForm = 16 * 1024;
/** Camlytics has nine, and a person may have added some: what is not escaped well costs an exception each. */
const mostParameters = 100;

/** As they are in a tree, and as Camlytics appends them to an address. */
const queryFields: ReadonlySet<string> = new Set([
  'type',
  'objectid',
  'ruleid',
  'origin',
  'channelid',
  'channelname',
  'time',
  'rulename',
  'eventname',
]);

/** `event-ruleId`, `event_rule_id`, `ruleId` and `RULE_ID` are one field; `event_id` and `event_name` are their own. */
function toField(name: string): string {
  const plain = name.toLowerCase().replace(/[-_\s]/g, '');
  if (plain === 'eventid' || plain === 'eventname') return plain;
  return plain.startsWith('event') ? plain.slice('event'.length) : plain;
}

/** What says that it is of the event goes before what does not. */
function fieldsOf(tree: Tree): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>();
  const names = Object.keys(tree);
  for (const name of [...names.filter((each) => /^event/i.test(each)), ...names]) {
    const field = toField(name);
    if (!fields.has(field)) fields.set(field, tree[name]);
  }
  return fields;
}

function toMessage(tree: Tree): CamlyticsMessage {
  const fields = fieldsOf(tree);
  const numbers: Record<string, number> = {};
  for (const name of ['position_x', 'position_y', 'velocity']) {
    const value = tree[name];
    if (typeof value === 'number') numbers[name] = value;
  }
  return {
    eventId: integerOf(fields.get('eventid')),
    type: wordOf(fields.get('type')) ?? wordOf(fields.get('eventname')),
    time: wordOf(fields.get('time')),
    objectId: someOf(fields.get('objectid')),
    origin: wordOf(fields.get('origin')),
    ruleId: someOf(fields.get('ruleid')),
    ruleName: wordOf(fields.get('rulename')),
    channelId: someOf(fields.get('channelid')),
    channelName: wordOf(fields.get('channelname')),
    numbers,
    tree,
  };
}

/** Ids and names come as texts and as numbers. */
function wordOf(value: unknown, longest = longestWord): string | undefined {
  if (typeof value === 'number') return String(value);
  // what is longer is no id and no name, and stays in `raw` alone
  return typeof value === 'string' && value.length <= longest && value.trim() !== '' ? value.trim() : undefined;
}

/** `-1`, an empty text, null and nothing all mean: none. */
function someOf(value: unknown): string | undefined {
  const word = wordOf(value);
  return word === '-1' ? undefined : word;
}

function integerOf(value: unknown): number | undefined {
  const word = wordOf(value);
  const number = word !== undefined && /^\d{1,16}$/.test(word) ? Number(word) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * Parameters of an address. Its example is lost (reference 9): a second `?` may stand where `&` should, and values may
 * come as they are; then a part without `=` belongs to the value before it. Names and values are as they were sent.
 */
function splitQuery(query: string): readonly (readonly [name: string, value: string])[] {
  const pairs: [name: string, value: string][] = [];
  for (const [, separator = '', part = ''] of query.matchAll(/(^|[&?])([^&?]*)/g)) {
    const equals = part.indexOf('=');
    if (equals > 0 && pairs.length === mostParameters) break;
    const last = pairs.at(-1);
    if (equals > 0) pairs.push([part.slice(0, equals), part.slice(equals + 1)]);
    else if (last !== undefined) last[1] += separator + part;
  }
  return pairs;
}

function unescapeText(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced; // not encoded: 100% and the like
  }
}
