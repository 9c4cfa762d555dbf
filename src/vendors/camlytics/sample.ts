/** Webhooks as Camlytics would send them, for people who try a node (reference 9). */
import type { Post } from '../../http/receiver';
import { toPost } from '../../sample';

const channelId = '7e570000-0000-4000-8000-000000000001';

/** A line that was crossed, motion, an obstructed camera: the first that a node's filter wants will do. */
export function samples(nowMs: number): readonly Post[] {
  const call = (fields: Readonly<Record<string, string>>): Post => {
    const all = {
      ...fields,
      channelId,
      channelName: 'Test channel',
      time: new Date(nowMs).toISOString().replace('Z', '+00:00'),
    };
    const query = Object.entries(all).map(([name, value]) => `event-${name}=${encodeURIComponent(value)}`);
    return toPost({ method: 'GET', query: query.join('&'), contentType: 'text/plain' }, nowMs);
  };
  const rule = { ruleId: '7e570000-0000-4000-8000-000000000002', ruleName: 'Enter' };
  return [
    call({ type: 'TripwireCrossed', objectId: '1', origin: 'Pedestrian', ...rule }),
    call({ type: 'TripwireCrossed', objectId: '2', origin: 'Vehicle', ...rule }),
    call({ type: 'MotionInRegionOn', ...rule }),
    call({ type: 'Sabotage' }),
    call({ type: 'TestEvent' }),
  ];
}
