/** What every outcome of every post must be, however hostile: whole, valid, and free of names that reach a prototype. */
import Ajv from 'ajv';
import should from 'should';
import schema from '../../src/event.schema.json';
import type { SecurityEvent } from '../../src/event';
import type { EventOptions, Outcome } from '../../src/vendors/vendor';
import { viewtron } from '../../src/vendors/viewtron';
import { makePost, openOptions } from '../support/events';

const validate = new Ajv({ allErrors: true }).compile(schema);
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);
const cleanPrototype = Object.getOwnPropertyNames(Object.prototype).join();

/** Receives the body and throws where the outcome breaks a promise. */
export function receiveAndJudge(body: Buffer, options: Partial<EventOptions> = {}): Outcome {
  const outcome = viewtron.receive(makePost(body), { ...openOptions, ...options });
  judge(outcome);
  return outcome;
}

export function judge({ events, error }: Outcome): void {
  should(events.length > 0 || error !== undefined).equal(true, 'neither an event nor an error');
  if (error !== undefined) {
    should(error.code).match(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    should(error.message).be.a.String().and.not.be.empty();
    should(error.message.length).be.below(1000);
    should(error.place).be.a.String().and.not.be.empty();
  }
  for (const event of events) judgeEvent(event);
  should(Object.getOwnPropertyNames(Object.prototype).join()).equal(cleanPrototype);
}

function judgeEvent(event: SecurityEvent): void {
  should(findForbidden(event)).be.undefined();
  const images = event.images.map(({ data, ...image }) => ({ ...image, data: typeof data }));
  validate(JSON.parse(JSON.stringify({ ...event, images })));
  should(validate.errors).be.null();
}

/** The path of the first own key that no event may have, or of a value that is no data. */
export function findForbidden(value: unknown, path = 'event'): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return path;
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return path;
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === 'symbol' || forbidden.has(key)) return `${path}.${String(key)}`;
    const found = findForbidden(Reflect.get(value, key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * How much came out: places for values in all objects (one that several events share counts once). Stops counting at
 * `enough`.
 */
export function weigh(value: unknown, enough: number): number {
  const seen = new Set<object>();
  let places = 0;
  const walk = (one: unknown): void => {
    if (typeof one !== 'object' || one === null || Buffer.isBuffer(one) || seen.has(one) || places > enough) return;
    seen.add(one);
    const values: unknown[] = Object.values(one);
    places += values.length;
    for (const inner of values) walk(inner);
  };
  walk(value);
  return places;
}
