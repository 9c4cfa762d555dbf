/** Posts as PDK would send them, for people who try a node; whoever has the secret signs them. */
import type { Post } from '../../http/receiver';
import { sign } from '../../http/signature';
import { toPost } from '../../sample';

const panelId = '10700TEST';
const door = { metadata: { doorName: 'Test door' }, panelId };

/** One of each group that people ask for: the first that a node's topics want will do. */
const messages = [
  { topic: 'door.request.allowed', body: { doorId: 1, personId: 1, requestFactor: 'CARD_OR_PIN' }, ...door },
  { topic: 'door.request.denied', body: { doorId: 1, personId: 1, requestFactor: 'CARD_OR_PIN' }, ...door },
  { topic: 'door.alarm.forced', body: { doorId: 1 }, ...door },
  { topic: 'door.input.dps.opened', body: { doorId: 1 }, ...door },
  { topic: 'panel.connected', body: {}, panelId },
  { topic: 'ou.updated', body: { id: '7e5700000000000000000001' } },
];

export function samples(nowMs: number): readonly Post[] {
  return messages.map((message, index) => {
    const metadata = { ...('metadata' in message && message.metadata), occurred: nowMs };
    const body = JSON.stringify({ id: `test-${nowMs}-${index}`, ...message, metadata });
    return toPost({ contentType: 'application/json', body }, nowMs);
  });
}

/** The same post with the signature that PDK would give it; empty: PDK signs nothing without a secret. */
export function signed(post: Post, secret: string): Post {
  if (secret === '') return post;
  return { ...post, headers: { ...post.headers, 'x-pdk-signature': sign(post.body, secret, 'sha1') } };
}
