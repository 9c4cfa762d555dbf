/** What Camio's event types and counters mean: data and nothing else (reference 5, 6.1). */
import type { Category } from '../../event';

/** What a node lets pass, and what a dialog shows, in this order. */
export const groups = ['incident', 'pacs', 'video', 'camera', 'zone', 'device', 'hook', 'other'] as const;
export type Group = (typeof groups)[number];

export interface TypeRow {
  readonly type: string;
  readonly group: Group;
  readonly category: Category;
  readonly kind: string;
}

/** The eleven, in the vendor's numbering; he says "currently include". No. 8 is blank in one copy of his list. */
export const eventTypes: readonly TypeRow[] = [
  { type: 'camera.created', group: 'camera', category: 'config', kind: 'camera-created' },
  { type: 'camera.updated', group: 'camera', category: 'config', kind: 'camera-updated' },
  { type: 'camera.deleted', group: 'camera', category: 'config', kind: 'camera-deleted' },
  { type: 'device.deleted', group: 'device', category: 'config', kind: 'device-deleted' },
  { type: 'hook.created', group: 'hook', category: 'config', kind: 'hook-created' },
  { type: 'hook.deleted', group: 'hook', category: 'config', kind: 'hook-deleted' },
  { type: 'incident.created', group: 'incident', category: 'health', kind: 'incident' },
  { type: 'pacs.events.created', group: 'pacs', category: 'door', kind: 'door-event' },
  { type: 'zone.created', group: 'zone', category: 'config', kind: 'zone-created' },
  { type: 'zone.updated', group: 'zone', category: 'config', kind: 'zone-updated' },
  { type: 'zone.deleted', group: 'zone', category: 'config', kind: 'zone-deleted' },
];

export interface CounterMeaning {
  readonly name: string;
  readonly kind: string;
  /** Camio tells of values above this; undefined where the domain's settings say it. */
  readonly threshold: number | undefined;
  readonly desired: string;
  readonly meaning: string;
}

/** Worst first: where several counters come at once, the first of them gives the event its kind. */
export const counterMeanings: readonly CounterMeaning[] = [
  {
    name: 'stream_changed_offline_count',
    kind: 'stream-offline',
    threshold: 0,
    desired: '0',
    meaning: 'The stream went offline: Camio gets no video of this camera.',
  },
  {
    name: 'segmentation_process_restart_count',
    kind: 'stream-unstable',
    threshold: 15,
    desired: '< 2',
    meaning:
      'The Box had to connect to the stream again and again (more than 15 times in 15 minutes): the camera serves too many ' +
      'clients, or the network path to it is unstable.',
  },
  {
    name: 'movies_discarded_count',
    kind: 'video-discarded',
    threshold: 0,
    desired: '0',
    meaning:
      'Segments of video were thrown away before they were analyzed: the Box is overloaded, with too many streams or too ' +
      'high a bitrate or resolution.',
  },
  {
    name: 'events_purged_count',
    kind: 'events-purged',
    threshold: 0,
    desired: '0',
    meaning:
      'Events were deleted from the disk of the Box before they could be uploaded: not even data without video got through ' +
      'the uplink.',
  },
  {
    name: 'movies_purged_count',
    kind: 'video-purged',
    threshold: 0,
    desired: '0',
    meaning:
      'Segments of video were gone from the Box when their upload was asked for: the uplink is too slow, or the storage ' +
      'of the Box too small for the history that is wanted.',
  },
  {
    name: 'upload_queue_length',
    kind: 'upload-queue-long',
    threshold: undefined,
    desired: '< 100',
    meaning: 'More uploads wait on the Box than the limit that is set for the domain: the uplink does not keep up.',
  },
];

/** Vendor's note of 2024-05-07 writes a dot, its sample and the note of 2024-06-06 an underscore. */
export const companionForm = /^(movie|other)_upload_queue[._]commands_(total|priority_(\d{1,9}))$/i;

/** Uploads of a class begin with the highest of its priorities; each is lowered by its place within its Event. */
const priorityClasses: readonly (readonly [least: number, most: number, what: string])[] = [
  [81, 81, 'thumbnails of important Events'],
  [71, 80, 'thumbnails of unimportant Events'],
  [61, 70, 'high-resolution croppings'],
  [41, 60, 'important motion video'],
  [21, 40, 'unimportant motion video'],
  [1, 20, 'video without motion'],
];

/** What a companion of the upload queue counts, in plain words; undefined for any other name. */
export function explainCompanion(name: string): string | undefined {
  const [, media = '', , digits] = companionForm.exec(name) ?? [];
  if (media === '') return undefined;
  const what = media.toLowerCase() === 'movie' ? 'Uploads of video that wait' : 'Uploads of other things that wait';
  if (digits === undefined) return `${what}.`;
  const priority = Number(digits);
  const found = priorityClasses.find(([least, most]) => priority >= least && priority <= most);
  return `${what}, priority ${priority}${found === undefined ? '' : ` (${found[2]})`}.`;
}
