/** Node `viewtron-presence`: positions of targets become presence, arrivals, crossings, rules and pictures. */
import type { Node, NodeAPI, NodeMessage } from 'node-red';
import { systemClock } from '../../src/clock';
import { WireError, toError, type SecurityEventsError } from '../../src/errors';
import { topicOf } from '../../src/event';
import { ports } from '../../src/presence/events';
import { readEvent } from '../../src/presence/incoming';
import { pictureSize } from '../../src/presence/picture';
import { Presence, PresenceMemory, type Draw } from '../../src/presence/presence';
import { createVoice, offerReport, onClose, toSetupError, type Status } from '../adapter';
import { toDrawing, toPicture } from '../preview/picture';
import { offerPreviews } from '../preview/preview';
import { restartOf, type RestartWatcher } from '../restart';
import { readPresenceSettings, type ViewtronPresenceDef } from './presence-settings';
import { offerScenePictures } from './scene-pictures';

const type = 'viewtron-presence';
const topicOfErrors = 'viewtron/error';
const topicOfPictures = 'viewtron/picture';

interface Running {
  readonly memory: PresenceMemory;
  readonly presence: Presence;
}

export = (RED: NodeAPI): void => {
  /** By node id. A Deploy closes and opens a node; who is there, and what was counted, stays. */
  const memories = new Map<string, PresenceMemory>();
  const running = new Map<string, Running>();
  const scenes = offerScenePictures(RED, type);
  const previews = offerPreviews(RED, type);

  function ViewtronPresence(this: Node, def: ViewtronPresenceDef): void {
    RED.nodes.createNode(this, def);
    const voice = createVoice(RED, this);
    const memory = memories.get(this.id) ?? new PresenceMemory();
    memories.set(this.id, memory);
    const preview = previews.open(this, def);
    let stop = (): void => undefined;

    onClose(this, (removed) => {
      stop();
      voice.close();
      preview.close(removed);
      running.delete(this.id);
      if (!removed) return;
      memories.delete(this.id);
      scenes.forget(this.id);
    });

    const start = (): Presence => {
      const settings = readPresenceSettings(def);
      const look = (draw: Draw): void =>
        preview.showDrawing(() =>
          toDrawing(
            draw((image) => toPicture(image.data) !== undefined),
            pictureSize(settings.aspect),
          ),
        );
      const presence = new Presence(settings, memory, systemClock, {
        onEvent: (port, event) => {
          const message: NodeMessage = { topic: topicOf(event), payload: event };
          this.send([...ports.map((each) => (each === port ? message : null)), null]);
          voice.show(describe);
        },
        onPicture: ({ svg, device, time }) => {
          const message = { topic: topicOfPictures, payload: svg, device, time };
          this.send([...ports.map(() => null), message]);
        },
        onScene: (picture) => scenes.keep(this.id, picture),
        onChange: preview.isOn ? look : undefined,
      });
      const describe = (): Status => {
        const { number } = presence;
        if (number > 0) return { fill: 'green', shape: 'dot', text: RED._(`${type}.status.present`, { number }) };
        const key = memory.taken > 0 ? 'nobody' : 'waiting';
        return { fill: 'grey', shape: 'ring', text: RED._(`${type}.status.${key}`) };
      };
      // what comes while nodes restart waits in the listener: nobody is gone for being silent then
      const restart = restartOf(RED);
      const watcher: RestartWatcher = { begin: () => presence.pause(), end: () => presence.resume() };
      if (!restart.isUnderWay) presence.resume();
      restart.watch(watcher);
      stop = () => {
        restart.leave(watcher);
        presence.close();
      };
      running.set(this.id, { memory, presence });
      voice.show(describe);
      return presence;
    };

    let presence: Presence;
    try {
      presence = start();
    } catch (thrown) {
      const error = toSetupError(thrown);
      voice.show(() => ({ fill: 'red', shape: 'ring', text: error.message }));
      voice.raise(error, toErrorMessage(error));
      return;
    }

    this.on('input', (message, _send, done) => {
      try {
        take(presence, message);
        done();
      } catch (thrown) {
        done(toError(thrown));
      }
    });
  }

  RED.nodes.registerType(type, ViewtronPresence);

  offerReport(RED, type, (id) => {
    const node = running.get(id);
    return node && toReport(node, Date.now());
  });
};

/** An event, or a word to the node itself: `msg.reset`, true for all counts, or the name of one line. */
function take(presence: Presence, message: NodeMessage): void {
  const reset: unknown = 'reset' in message ? message.reset : undefined;
  if (reset !== undefined && reset !== null && reset !== false && reset !== '') {
    presence.reset(typeof reset === 'string' ? reset : undefined);
    return;
  }
  const event = readEvent(message.payload);
  if (event === undefined) {
    throw new WireError(
      'not-an-event',
      'msg.payload is no event of this package: wire viewtron-in to this node, or set msg.reset to begin counts anew',
      { place: 'msg.payload' },
    );
  }
  presence.take(event);
}

function toErrorMessage({ code, message, retryable, place }: SecurityEventsError): NodeMessage {
  return { topic: topicOfErrors, payload: { code, message, retryable, place } };
}

/** What the dialog shows of a running node. */
function toReport({ memory, presence }: Running, nowMs: number): object {
  return {
    now: new Date(nowMs).toISOString(),
    taken: memory.taken,
    passedOver: memory.passedOver,
    told: memory.told,
    cameras: presence.cameras.map((scene) => ({
      id: scene.source.device.id,
      name: scene.source.device.name,
      lastSeen: new Date(scene.heardMs).toISOString(),
      number: scene.number,
      zones: scene.plan.zones.map(({ zone }) => ({ name: zone.name, number: scene.numberIn(zone) })),
      lines: scene.plan.lines.map(({ line }) => ({ name: line.name, ...scene.tallyOf(line).crossing })),
    })),
  };
}
