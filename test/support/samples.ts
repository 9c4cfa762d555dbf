/** The golden pairs: each sample post beside the events that a careful reader of the reference expects of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecurityEvent } from '../../src/event';
import type { Post } from '../../src/http/receiver';
import type { EventOptions } from '../../src/vendors/vendor';

const folder = join(__dirname, '..', 'samples');

export interface Sample {
  readonly name: string;
  readonly about: string;
  readonly body: Buffer;
  /** Of a GET: all that it says. */
  readonly query?: string;
  readonly post: { readonly address: string; readonly target: string; readonly contentType: string };
  readonly receivedAt: string;
  readonly options?: Partial<EventOptions>;
  /** Without `id`, `receivedAt` and `raw`; an image's `bytes` is the length of its data. */
  readonly events?: readonly Record<string, unknown>[];
  /** Code of the error that refuses it. */
  readonly error?: string;
}

/** The golden events are in `<name>.json`, the post beside them in a file of any other ending; `.query` for a GET. */
export function readSamples(vendor: string): readonly Sample[] {
  const files = readdirSync(join(folder, vendor));
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const name = file.replace(/\.json$/, '');
      const post = files.find((other) => other !== file && other.replace(/\.[^.]+$/, '') === name) ?? `${name}.xml`;
      const golden = JSON.parse(readFileSync(join(folder, vendor, file), 'utf8')) as Omit<Sample, 'name' | 'body'>;
      const body = readFileSync(join(folder, vendor, post));
      if (!post.endsWith('.query')) return { ...golden, name, body };
      return { ...golden, name, body: Buffer.alloc(0), query: body.toString('utf8').trim() };
    });
}

export function toPost(sample: Sample): Post {
  return {
    method: sample.query === undefined ? 'POST' : 'GET',
    path: sample.post.target,
    query: sample.query ?? '',
    headers: { 'content-type': sample.post.contentType },
    body: sample.body,
    address: sample.post.address,
    receivedAt: Date.parse(sample.receivedAt),
  };
}

export const defaultOptions: EventOptions = { pictures: 'buffer', timeZone: 'UTC', dateOrder: 'month-first' };

/** An event as a golden file has it. */
export function toGolden(event: SecurityEvent): Record<string, unknown> {
  const { id: _id, receivedAt: _receivedAt, raw: _raw, images, ...rest } = event;
  return {
    ...rest,
    images: images.map(({ data, ...image }) => ({ ...image, bytes: data.length })),
  };
}
