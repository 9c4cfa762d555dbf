/** How the fake cloud posts an event: signed over the bytes that it sends. */
import { createHmac } from 'node:crypto';
import type { CloudPost } from './cloud-options';

/** @returns the status of the answer; 0: none */
export async function post({ url, secret, authorization, body, spelling }: CloudPost): Promise<number> {
  const signature = createHmac('sha1', secret).update(body).digest('hex');
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: {
        'Content-Type': 'application/json',
        ...(secret !== '' && { [spelling]: signature }),
        ...(authorization !== undefined && { Authorization: authorization }),
      },
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
