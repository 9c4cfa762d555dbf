/**
 * Pictures under nodes in the editor: the last one of each node whose dialog asks for it. Editors are only told that there
 * is a new one; those who may read the node fetch it, and nobody else gets a byte.
 */
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { systemClock, type Clock, type Timer } from '../../src/clock';
import type { SecurityEvent } from '../../src/event';
import { summarize } from '../../src/summary';
import type { PictureMode } from '../../src/vendors/vendor';
import { restartOf } from '../restart';
import { joinMarks, noMarks, toMarks, type Marks } from './marks';
import { toPicture, type Picture } from './picture';

/** Said to every open editor, which knows nodes by their ids. */
export const previewTopic = 'security-events/preview';
const everyMs = 500;
const captionLength = 100;

/** One node's preview. Where it is off, nothing is worked out and nothing is kept. */
export interface Preview {
  readonly isOn: boolean;
  /** How pictures are to be read, where the flow wants them so. */
  reads(wanted: PictureMode): PictureMode;
  /** Shows an event's picture, and gives the event as the flow wants it: a picture that was read for this only is not in it. */
  look(event: SecurityEvent, wanted: PictureMode): SecurityEvent;
  /** Shows what a device has given. */
  showPicture(data: unknown, caption: string): void;
  /** Shows what is drawn when somebody looks. */
  showDrawing(draw: () => Picture): void;
  /** To be called when the node closes; `removed` as Node-RED says it. */
  close(removed: boolean): void;
}

export interface Previews {
  open(node: Node, def: NodeDef & Readonly<Record<string, unknown>>): Preview;
}

const off: Preview = {
  isOn: false,
  reads: (wanted) => wanted,
  look: (event) => event,
  showPicture: () => undefined,
  showDrawing: () => undefined,
  close: () => undefined,
};

/** What is to be seen, worked out when somebody looks. */
interface Sight {
  readonly seq: number;
  /** ISO 8601 UTC. */
  readonly time: string;
  readonly caption: string;
  readonly marks: Marks;
  /** Whose picture it is, as the event has it: two events of one post have the same. */
  readonly source: unknown;
  readonly picture: () => Picture | undefined;
}

/** Of one node of the editor: the instances of a subflow share theirs. */
interface Place {
  users: number;
  shown: Sight | undefined;
  next: Sight | undefined;
  timer: Timer | undefined;
}

/** To be called at load: an editor that shows a node which was never deployed must get an answer too. */
export function offerPreviews(RED: NodeAPI, type: string, clock: Clock = systemClock): Previews {
  const places = new Map<string, Place>();
  let lastSeq = 0;

  // a node that is gone was not always said to be removed: whoever is not back by then stays away
  restartOf(RED).watch({
    begin: () => undefined,
    end() {
      for (const [id, place] of places) if (place.users === 0) forget(id, place);
    },
  });
  offerRoutes(RED, type, (id) => places.get(id)?.shown);

  /** Whoever still has the place, as a closed node does for a while, has no picture by that. */
  const forget = (id: string, place: Place): void => {
    places.delete(id);
    place.shown = undefined;
  };
  const tell = (id: string, place: Place): void => {
    place.shown = place.next;
    place.next = undefined;
    RED.comms.publish(previewTopic, { id, seq: place.shown?.seq }, false);
    place.timer = clock.after(everyMs, () => {
      place.timer = undefined;
      if (place.next !== undefined) tell(id, place);
    });
  };

  return {
    open(node, def) {
      if (def.preview !== true) return off;
      const id = idInEditor(node);
      const place = places.get(id) ?? { users: 0, shown: undefined, next: undefined, timer: undefined };
      places.set(id, place);
      place.users += 1;
      let isClosed = false;

      const show = (sight: Omit<Sight, 'seq' | 'time'>): void => {
        if (isClosed) return;
        // an editor may have seen those of the process before this one
        lastSeq = Math.max(lastSeq + 1, clock.now());
        place.next = { ...sight, seq: lastSeq, time: new Date(clock.now()).toISOString() };
        if (place.timer === undefined) tell(id, place);
      };
      const showEvent = (event: SecurityEvent): void => {
        const image = event.images.findLast(({ role }) => role === 'scene') ?? event.images.at(-1);
        if (image === undefined) return;
        const { data, role } = image;
        const marks = role === 'scene' ? toMarks(event) : noMarks;
        const last = place.next ?? place.shown;
        const isSame = last?.source === data;
        show({
          source: data,
          caption: shorten(summarize(event)),
          marks: isSame ? joinMarks(last.marks, marks) : marks,
          picture: isSame ? last.picture : once(() => toPicture(data)),
        });
      };
      return {
        isOn: true,
        reads: (wanted) => (wanted === 'none' ? 'buffer' : wanted),
        look(event, wanted) {
          showEvent(event);
          return wanted === 'none' ? { ...event, images: [] } : event;
        },
        showPicture(data, caption) {
          show({ source: data, caption: shorten(caption), marks: noMarks, picture: once(() => toPicture(data)) });
        },
        showDrawing: (draw) => show({ source: draw, caption: '', marks: noMarks, picture: once(draw) }),
        close(removed) {
          if (isClosed) return;
          isClosed = true;
          place.users -= 1;
          if (place.users > 0) return;
          place.timer?.cancel();
          place.timer = undefined;
          place.next = undefined;
          if (removed) forget(id, place);
        },
      };
    },
  };
}

function offerRoutes(RED: NodeAPI, type: string, find: (id: string) => Sight | undefined): void {
  const path = `/security-events/${type}/:id/preview`;
  const guard = RED.auth.needsPermission(`${type}.read`);
  const headers = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // opened on its own it is a picture and nothing else
    'content-security-policy': "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
  };

  RED.httpAdmin.get(path, guard, (request, response) => {
    const sight = find(String(request.params.id));
    response.set(headers);
    if (sight === undefined) {
      response.status(404).json({ error: 'no picture yet' });
      return;
    }
    const { seq, time, caption, marks } = sight;
    const picture = sight.picture();
    const size = picture && { type: picture.type, width: picture.width, height: picture.height };
    response.json({ seq, time, caption, ...marks, picture: size ?? null });
  });

  RED.httpAdmin.get(`${path}/:seq`, guard, (request, response) => {
    const sight = find(String(request.params.id));
    response.set(headers);
    const picture = String(sight?.seq) === request.params.seq ? sight?.picture() : undefined;
    if (picture === undefined) response.status(404).json({ error: 'no longer the last picture' });
    else response.set('content-type', picture.type).send(picture.bytes);
  });
}

/** Inside a subflow the editor shows the template, whose nodes the instances' nodes are copies of. */
function idInEditor(node: Node): string {
  const { _alias: template }: { readonly _alias?: unknown } = node;
  return typeof template === 'string' ? template : node.id;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function shorten(text: string): string {
  return Array.from(text.slice(0, 2 * captionLength))
    .slice(0, captionLength)
    .join('');
}
