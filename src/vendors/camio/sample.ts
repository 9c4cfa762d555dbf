/** Callbacks as Camio would send them, for people who try a node. */
import type { Post } from '../../http/receiver';
import { toPost } from '../../sample';

const user = { user_id: 'test', email: 'test@example.com' };

/** A stream that went offline, a door, a camera that changed, a type of its own: the first that a node wants will do. */
export function samples(nowMs: number): readonly Post[] {
  // as Camio writes it: without a colon in the offset
  const date = new Date(nowMs).toISOString().replace('Z', '-0000');
  const callback = (type: string, data: object): Post => {
    const id = `test-${type}-${nowMs}`;
    return toPost({ contentType: 'application/json', body: JSON.stringify({ id, type, ...data }) }, nowMs);
  };
  const offline = {
    counter: 'stream_changed_offline_count',
    value: 1,
    description: '1 > 0 means the stream went offline.',
  };
  const door = {
    actor: { id: 1, name: 'Test Person' },
    eventData: { actionAllowed: true, objectName: 'Test door', objectTypeId: 2 },
    eventObject: { id: 1, name: 'Test door' },
    objectType: 'ACCESS_POINT',
    camio_metadata: { entry_id: '1', date, labels: ['entry.unlocked'], source_server: 'test.example.com' },
  };
  const camera = { name: 'Test camera', id: 'test-camera' };
  return [
    callback('incident.created', {
      incident: {
        type: 'incident',
        date,
        camera_name: camera.name,
        counter_events: { stream_changed_offline_count: offline },
      },
      user,
    }),
    callback('pacs.events.created', { data: { object: { user, domain: 'example.com', events: [door] } } }),
    callback('camera.updated', { data: { object: { user, camera } } }),
    callback('test.created', { data: { object: { user } } }),
  ];
}
