/** The one shape that every vendor's message becomes; `event.schema.json` is its published twin. */

export const vendors = ['viewtron', 'camlytics', 'camio', 'pdk'] as const;
export type VendorName = (typeof vendors)[number];

/** Closed list, made for a Switch node. New kinds of an old vendor find their place in it; nothing is added lightly. */
export const categories = [
  'plate',
  'face',
  'intrusion',
  'counting',
  'object',
  'track',
  'motion',
  'tamper',
  'access',
  'door',
  'alarm',
  'health',
  'config',
  'heartbeat',
  'other',
] as const;
export type Category = (typeof categories)[number];

export const targetTypes = ['person', 'vehicle', 'motorcycle', 'face', 'plate', 'unknown'] as const;
export type TargetType = (typeof targetTypes)[number];

/** How a plate stands in the device's own database. */
export const plateLists = ['allow', 'block', 'temporary', 'stranger'] as const;
export type PlateList = (typeof plateLists)[number];

/** A rectangle in fractions 0..1 of the picture, origin top left, y downwards. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A point in fractions 0..1 of the picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The device that saw it. `id` is the best stable identity: MAC, else serial number, else address. */
export interface Device {
  readonly id: string;
  readonly name?: string;
  readonly ip?: string;
  /** Always `aa:bb:cc:dd:ee:ff`. */
  readonly mac?: string;
  readonly serial?: string;
  /** Input of a recorder, as the device numbers it (from 1). */
  readonly channel?: string;
}

export interface Target {
  readonly id?: string;
  readonly type: TargetType;
  /** Absent when the device did not say, or said all zeros. */
  readonly box?: Box;
}

/** The zone or line that fired. A line has two points, an area three or more. */
export interface Rule {
  readonly id?: string;
  readonly name?: string;
  readonly shape?: 'area' | 'line';
  /** Which way a line was crossed, where its name says so. */
  readonly direction?: 'in' | 'out';
  readonly points?: readonly Point[];
}

export interface Plate {
  /** Text as read, always a string: `007` stays `007`. */
  readonly number: string;
  readonly list?: PlateList;
  /** The vendor's word for the list, or the name of the user's own group. */
  readonly group?: string;
  readonly owner?: string;
  /** Percent, 0..100. */
  readonly confidence?: number;
  readonly direction?: 'approach' | 'away';
  readonly color?: string;
  readonly region?: string;
}

/** Words as the vendor spells them. */
export interface Vehicle {
  readonly type?: string;
  readonly color?: string;
  readonly brand?: string;
  readonly model?: string;
  readonly year?: string;
}

/** Words as the vendor spells them. */
export interface Face {
  readonly age?: string;
  readonly sex?: string;
  readonly glasses?: string;
  readonly mask?: string;
}

/** Somebody: by an access controller's records, or as a camera's video metadata describes them, in the vendor's words. */
export interface Person extends Face {
  /** Of the credential holder, as the vendor numbers people. */
  readonly id?: string;
  readonly name?: string;
  readonly hat?: string;
  readonly backpack?: string;
  readonly shoulderBag?: string;
  readonly skirt?: string;
  readonly upperColor?: string;
  readonly upperLength?: string;
}

/** Running totals of a counting rule. A type that the device did not count is absent. */
export interface Counts {
  readonly enter?: CountByType;
  readonly leave?: CountByType;
  readonly present?: CountByType;
}

export interface CountByType {
  readonly person?: number;
  readonly vehicle?: number;
  readonly motorcycle?: number;
}

/** Cells of the picture that moved: `cells` has one string a row, `1` where something moved. */
export interface MotionGrid {
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly string[];
}

/** A door, gate, turnstile or whatever else an access controller opens. Its id is unique within its device only. */
export interface Door {
  readonly id?: string;
  readonly name?: string;
}

/** A credential at a door. */
export interface Access {
  /** Absent while nothing is decided. */
  readonly decision?: 'granted' | 'denied';
  /** What was asked for, in the vendor's word: `CARD_OR_PIN`. */
  readonly requestFactor?: string;
  /** The PIN that says that somebody forces the person. */
  readonly duress?: boolean;
  /** Scans in a row. */
  readonly count?: number;
  /** A rule of denial matched; as the vendor says it. */
  readonly explicit?: boolean;
  /** The person is disabled; as the vendor says it. */
  readonly disabled?: boolean;
  readonly facilityCode?: string;
}

/** A board between the device and its doors. */
export interface Controller {
  readonly id?: string;
  readonly name?: string;
  readonly address?: string;
  readonly port?: string;
  readonly type?: string;
}

/** A reading or a setting. Without a unit the vendor has published none. */
export interface Value {
  readonly value: number | boolean | string;
  readonly unit?: string;
}

/** Who did it: a person who administers the system. */
export interface Actor {
  readonly id?: string;
  readonly name?: string;
  readonly ip?: string;
  readonly userAgent?: string;
}

/** What was changed in the system's records; before and after are in `raw`. */
export interface Change {
  /** `person`, `door`, `permission` ... */
  readonly object: string;
  readonly id?: string;
  readonly name?: string;
  /** The vendor's own word, where it has one beside the topic. */
  readonly action?: string;
  readonly group?: { readonly id?: string; readonly name?: string };
  readonly role?: string;
  readonly email?: string;
}

/** The account of a cloud service that an event concerns. */
export interface Account {
  readonly id?: string;
  readonly email?: string;
  readonly domain?: string;
}

/** One of the numbers by which a service tells that something is wrong. */
export interface Counter {
  /** The vendor's own name of it. */
  readonly name: string;
  /** False where it only comes along, to explain another. */
  readonly fault: boolean;
  /** `stop` once nothing has been said of it for a while; absent while it goes on. */
  readonly state?: 'start' | 'stop';
  readonly value?: number;
  /** The service tells of values above this; absent where the user sets that at the service. */
  readonly threshold?: number;
  /** What it should be, as the vendor puts it: `0`, `< 2`. */
  readonly desired?: string;
  /** What it means, in plain words. */
  readonly meaning?: string;
  /** What the service itself says. */
  readonly description?: string;
}

/** Something that a service has found wrong. */
export interface Incident {
  readonly counters: readonly Counter[];
  /** ISO 8601 UTC: since when the service has told of it without a pause. */
  readonly since?: string;
  /** How often it has told of it since. */
  readonly reports?: number;
}

/** Which of several events of one message this is. */
export interface Part {
  /** Identity of the message. */
  readonly of: string;
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

export interface Alarm {
  /** The vendor's own name of the alarm. */
  readonly name: string;
  /** Rule, input or channel number, where the device gives one. */
  readonly id?: string;
  /** Absent where the device says neither yes nor no. */
  readonly active?: boolean;
}

export interface Health {
  readonly online: boolean;
  /** ISO 8601 UTC: when the device was last heard. */
  readonly lastSeen?: string;
  readonly silentSeconds?: number;
  /** Learned interval between two heartbeats. */
  readonly heartbeatSeconds?: number;
}

/** Who is before a camera or in a zone, as `viewtron-presence` works it out. */
export interface Presence {
  /** Now; `counts.present` has them by type. */
  readonly number: number;
  /** All who came since it began. */
  readonly visitors?: number;
  /** ISO 8601 UTC: when the first came, and when the last was seen. */
  readonly since?: string;
  readonly lastSeen?: string;
  /** How long somebody is there, or this one is in the zone. */
  readonly seconds?: number;
  /** The longest stay of one of them. */
  readonly longestSeconds?: number;
}

/** How a target moved, worked out of its successive boxes. Lengths are in widths of the picture. */
export interface Movement {
  /** ISO 8601 UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly seconds: number;
  readonly distance: number;
  /** Widths of the picture a second. */
  readonly speed?: number;
  /** Degrees clockwise from straight up in the picture; absent where it stands. */
  readonly heading?: number;
  readonly path?: readonly Point[];
  readonly firstBox?: Box;
  readonly lastBox?: Box;
  /** Names of the zones that it was in, in the order of entering. */
  readonly zones: readonly string[];
}

/** Which way a line was crossed, and how often so far; `counts` has that by type. */
export interface Crossing {
  readonly direction?: 'in' | 'out';
  readonly in: number;
  readonly out: number;
}

export interface Image {
  /** `scene`: the whole picture; `target`: the cut-out of one target. */
  readonly role: 'scene' | 'target';
  /** A Buffer, or a base64 string or data URL where the node is set so. */
  readonly data: Buffer | string;
  readonly mimeType: string;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  /** `id` of the target that a cut-out shows. */
  readonly targetId?: string;
}

/** What every node of this package sends as `msg.payload`. */
export interface SecurityEvent {
  /** Survives a second delivery of the same event. */
  readonly id: string;
  readonly vendor: VendorName;
  readonly category: Category;
  /** What happened, normalized, kebab-case: `plate-read`, `line-crossed`. */
  readonly kind: string;
  /** The vendor's own word, verbatim. */
  readonly type: string;
  /** For things that last. */
  readonly state?: 'start' | 'stop';
  /** ISO 8601 UTC. */
  readonly time: string;
  /** `received` where the device's own time is missing or absurd. */
  readonly timeSource: 'device' | 'received';
  readonly receivedAt: string;
  readonly device: Device;
  readonly targets: readonly Target[];
  readonly rule?: Rule;
  readonly plate?: Plate;
  readonly vehicle?: Vehicle;
  readonly face?: Face;
  readonly person?: Person;
  readonly counts?: Counts;
  readonly motion?: MotionGrid;
  readonly alarm?: Alarm;
  readonly health?: Health;
  readonly access?: Access;
  readonly door?: Door;
  readonly controller?: Controller;
  /** By the vendor's own names. */
  readonly values?: Readonly<Record<string, Value>>;
  readonly actor?: Actor;
  readonly change?: Change;
  readonly account?: Account;
  readonly incident?: Incident;
  /** Words by which the vendor's search finds it. */
  readonly labels?: readonly string[];
  /** Absent where the message holds one event only. */
  readonly part?: Part;
  /** Which secret its signature was made with, where a vendor signs: `none` came unsigned, and was let in by a setting. */
  readonly signature?: 'current' | 'previous' | 'none';
  /** It came later than the node allows for; absent where it did not. */
  readonly stale?: true;
  /** Made of a sample by a person who tries a node: nothing has happened. Absent of all others. */
  readonly test?: true;
  readonly presence?: Presence;
  readonly movement?: Movement;
  readonly crossing?: Crossing;
  readonly images: readonly Image[];
  /** The vendor's whole decoded message without the pictures. */
  readonly raw: unknown;
}

/** `<vendor>/<category>`: what a node sets as `msg.topic`. */
export function topicOf(event: SecurityEvent): string {
  return `${event.vendor}/${event.category}`;
}
