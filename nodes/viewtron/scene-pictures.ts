/** The last scenes that presence nodes were given, for their dialogs: zones are drawn on what the camera sees. */
import type { NodeAPI } from 'node-red';
import { putLatest } from '../../src/bound';
import type { ScenePicture } from '../../src/presence/presence';
import { toPicture } from '../preview/picture';

/** Of one node: a picture weighs half a megabyte. */
const camerasMax = 16;
const bytesMax = 4 * 1024 * 1024;

export interface ScenePictures {
  keep(nodeId: string, picture: ScenePicture): void;
  forget(nodeId: string): void;
}

/** To be called at load: dialogs of nodes that were never deployed are given the pictures of others. */
export function offerScenePictures(RED: NodeAPI, type: string): ScenePictures {
  const byNode = new Map<string, Map<string, ScenePicture>>();
  const path = `/security-events/${type}-scenes`;
  const guard = RED.auth.needsPermission(`${type}.read`);

  RED.httpAdmin.get(path, guard, (_request, response) => {
    const newest = new Map<string, ScenePicture>();
    for (const pictures of byNode.values()) {
      for (const [key, picture] of pictures) if ((newest.get(key)?.time ?? '') < picture.time) newest.set(key, picture);
    }
    response.json(
      [...newest].map(([key, { device, time }]) => ({ key, name: device.name ?? device.id, id: device.id, time })),
    );
  });

  RED.httpAdmin.get(`${path}/picture`, guard, (request, response) => {
    const { key } = request.query;
    const found = [...byNode.values()]
      .flatMap((pictures) => (typeof key === 'string' && pictures.get(key)) || [])
      .toSorted((one, other) => (one.time < other.time ? 1 : -1))
      .at(0);
    // what the message calls it counts for nothing: the bytes tell
    const picture = found && toPicture(found.image.data);
    if (picture === undefined) {
      response.status(404).json({ error: 'no picture of this camera' });
      return;
    }
    response.set({
      'content-type': picture.type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.send(picture.bytes);
  });

  return {
    keep(nodeId, picture) {
      const { device, image } = picture;
      if (image.data.length > bytesMax) return;
      const pictures = byNode.get(nodeId) ?? new Map<string, ScenePicture>();
      byNode.set(nodeId, pictures);
      const key = [device.id, device.channel].filter((part) => part !== undefined).join('#');
      putLatest(pictures, key, picture, camerasMax);
    },
    forget: (nodeId) => void byNode.delete(nodeId),
  };
}
