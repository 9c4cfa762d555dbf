/** What Camio's cloud posts, in every type and spelling that is known; written from the protocol, sharing no code with src. */
import type { Random } from '../random';

export interface Account {
  readonly user_id: string;
  readonly email: string;
}

/** Where the vendor puts `user` and `camera` is not certain: he has lost a brace in his sample. */
export const placements = ['object', 'data', 'root'] as const;
export type Placement = (typeof placements)[number];

export const account: Account = { user_id: '84Q310077251904416203377', email: 'site-cams@example.com' };

/** An offset without a colon, as the vendor writes it. */
export function writeDate(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '-0000');
}

export function makeUuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => random.between(0, 15).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function envelope(id: string, type: string, object: object, more: object = {}): object {
  return { id, type, data: { object }, ...more };
}

function toCounters(values: Readonly<Record<string, number>>, describe: (value: number) => string): object {
  return Object.fromEntries(
    Object.entries(values).map(([counter, value]) => [counter, { counter, value, description: describe(value) }]),
  );
}

export interface StreamIncident {
  readonly id: string;
  readonly atMs: number;
  readonly camera: string;
  /** Known since 2023-02-06, and not always. */
  readonly ip?: string;
  readonly counters: Readonly<Record<string, number>>;
}

/** The description is escaped twice, as in the vendor's own sample. */
export function writeStreamIncident({ id, atMs, camera, ip, counters }: StreamIncident): object {
  const incident = {
    type: 'incident',
    date: writeDate(atMs),
    camera_name: camera,
    ...(ip !== undefined && { camera_ip: ip }),
    counter_events: toCounters(counters, (value) => `${value} \\u003e 0 means that something is wrong.`),
  };
  return envelope(id, 'incident.created', { incident, user: account });
}

export interface QueueIncident {
  readonly id: string;
  readonly atMs: number;
  readonly mac: string;
  readonly length: number;
  /** The note of 2024-05-07 writes a dot, the one of 2024-06-06 an underscore. */
  readonly separator: '.' | '_';
}

export function writeQueueIncident({ id, atMs, mac, length, separator }: QueueIncident): object {
  const counters = {
    upload_queue_length: length,
    [`other_upload_queue${separator}commands_total`]: length - 40,
    [`other_upload_queue${separator}commands_priority_81`]: length - 40,
    [`movie_upload_queue${separator}commands_total`]: 40,
  };
  const incident = {
    type: 'incident',
    counter_events: toCounters(counters, () => 'Number of uploads in the queue'),
    date: writeDate(atMs),
    user_id: account.user_id,
    box_mac_address: mac,
  };
  return envelope(id, 'incident.created', { user: { ...account, email_address: account.email }, incident });
}

export interface DoorRecord {
  readonly reader: number;
  readonly name: string;
  readonly label: string;
  readonly serial: number;
}

/** Records of OnGuard: its times have no zone and no fractions, so several may be of one moment. */
export function writeDoorEvents(
  id: string,
  atMs: number,
  records: readonly DoorRecord[],
  serverIn: 'metadata' | 'object' = 'object',
): object {
  const second = Math.floor(atMs / 1000) * 1000;
  const server = 'onguard.example.com';
  const events = records.map(({ reader, name, label, serial }) => ({
    badge_id: 0,
    controller_id: 1,
    cardholder_key: 0,
    event_type: 4,
    event_subtype: 10,
    device_id: reader,
    device_name: name,
    serial_number: serial,
    timestamp: new Date(second).toISOString().replace(/\.\d+Z$/, '.000000'),
    camio_metadata: {
      entry_id: `1_${reader}`,
      date: writeDate(second),
      labels: [label],
      ...(serverIn === 'metadata' && { source_server: server }),
    },
  }));
  const user = { user_id: 'u123', email: 'pacs-admin@example.com' };
  const beside = serverIn === 'object' ? { source_server: server } : {};
  return envelope(id, 'pacs.events.created', { user, domain: 'example.com', events, ...beside });
}

/** A change of a camera, zone, hook or Box. */
export function writeChange(id: string, type: string, camera: string, placement: Placement = 'object'): object {
  const [what = ''] = type.split('.');
  const own: Readonly<Record<string, object>> = {
    zone: { zone: { name: 'Loading Dock', polygons: [{}] } },
    hook: { hook: { id: 'hook-1' } },
    device: { device: { id: 'box-1', name: 'Head office' } },
  };
  const who = { user: account, camera: { name: camera, ip_address: '192.0.2.44' } };
  const object = own[what] ?? {};
  if (placement === 'object') return envelope(id, type, { ...object, ...who });
  return placement === 'root' ? envelope(id, type, object, who) : { id, type, data: { object, ...who } };
}

export interface HookImage {
  readonly jpeg: Buffer;
  readonly width: number;
  readonly height: number;
  readonly atMs: number;
}

/** Times of pictures have microseconds and no zone. */
export function writeHookCall(camera: string, eventId: string, images: readonly HookImage[]): object {
  return {
    user_id: account.user_id,
    camera,
    callback_url: `https://camio.example/api/hooks/callback/${eventId}`,
    images: images.map(({ jpeg, width, height, atMs }) => ({
      type: 'image/jpeg',
      size: [width, height],
      timestamp: new Date(atMs).toISOString().replace('Z', '441'),
      image_b64: jpeg.toString('base64'),
    })),
  };
}
