/** What tells an event from all others, and a post that is sent again from a new one (reference 1.2). */
import { hash } from 'node:crypto';
import type { Post } from '../../http/receiver';
import type { DetectionMessage, Rect, ViewtronMessage, WireTarget } from './message';
import type { EventTime } from './time';

/** What differs between the events of one post. */
export interface Distinction {
  readonly type: string;
  readonly identity: readonly (string | undefined)[];
  readonly targets?: readonly WireTarget[];
}

/**
 * Device, kind, event, targets and time as sent tell an event from others. A time of whole seconds holds several events,
 * so the bytes of the post help. Without a time that can be believed the bytes alone do, where they say which event or
 * target it is or hold a picture; else the time of receipt does, and a repetition passes for new: losing an alarm would
 * be worse than telling it twice.
 */
export function createIdentifier(
  message: ViewtronMessage,
  post: Post,
  time: EventTime,
): (part: Distinction, index: number) => string {
  const { mac, serial, ip, name, channel } = message.device;
  const device = [mac ?? serial ?? ip ?? `${post.address} ${name ?? ''}`, channel];
  const moment = findMoment(message, post, time);
  return ({ type, identity, targets = [] }, index) => {
    const seen = targets.map(({ id, rect }) => [id, rect && toText(rect)]);
    const fields = [device, type, identity, seen, index, moment];
    return hash('sha1', JSON.stringify(fields), 'base64url');
  };
}

function findMoment(message: ViewtronMessage, post: Post, time: EventTime): readonly unknown[] {
  const { currentTime, dataTime } = message.time;
  if (time.source === 'device' && time.ms % 1000 !== 0) return [currentTime, dataTime];
  // each is one of its own
  if (message.what === 'heartbeat') return [post.receivedAt];
  const bytes = hash('sha1', post.body, 'base64url');
  if (time.source === 'device') return [currentTime, dataTime, bytes];
  return message.what === 'detection' && saysWhich(message) ? [bytes] : [bytes, post.receivedAt];
}

/** Tracking is not asked: a target that stands still is there again in every post, and must not seem gone. */
function saysWhich({ items, targets, plates = [], faces = [], scene }: DetectionMessage): boolean {
  return (
    items.some(({ eventId, targetId, rect }) => isId(eventId) || isId(targetId) || isBox(rect)) ||
    [...targets, ...plates, ...faces].some(({ id, rect, crop }) => isId(id) || isBox(rect) || isPicture(crop)) ||
    isPicture(scene?.picture)
  );
}

/** 0 is what a device without a number writes. */
function isId(id: string | undefined): boolean {
  return id !== undefined && id !== '0';
}

function isBox(rect: Rect | undefined): boolean {
  return rect !== undefined && Object.values(rect).some((edge) => edge !== 0);
}

function isPicture(picture: WireTarget['crop']): boolean {
  return picture?.size() !== undefined;
}

function toText({ x1, y1, x2, y2 }: Rect): string {
  return [x1, y1, x2, y2].join();
}
