/** The cameras and channels that posts came from so far: dialogs offer them, so that nobody types a name wrong. */
import type { NodeAPI } from 'node-red';
import { dropOldest } from '../../src/bound';
import type { Device } from '../../src/event';
import { compact } from '../../src/wire/read';

/** Of one node. A large recorder has 128 channels; a caller can make up names, of any length. */
const capacity = 2000;
const longestWord = 200;

type Camera = Pick<Device, 'id' | 'name' | 'ip' | 'channel'>;

export interface CamerasSeen {
  note(nodeId: string, device: Device): void;
  forget(nodeId: string): void;
}

/** To be called at load: dialogs of nodes that were never deployed are given what others have seen. */
export function offerCamerasSeen(RED: NodeAPI, type: string): CamerasSeen {
  const byNode = new Map<string, Map<string, Camera>>();

  RED.httpAdmin.get(
    `/security-events/${type}-cameras`,
    RED.auth.needsPermission(`${type}.read`),
    (_request, response) => {
      response.json([...new Map([...byNode.values()].flatMap((cameras) => [...cameras])).values()]);
    },
  );

  return {
    note(nodeId, device) {
      const cameras = byNode.get(nodeId) ?? new Map<string, Camera>();
      byNode.set(nodeId, cameras);
      const { id, channel } = device;
      const key = channel === undefined ? id : `${id}#${channel}`;
      if (key.length > longestWord) return;
      const known = cameras.get(key);
      const name = orKnown(device.name, known?.name);
      const ip = orKnown(device.ip, known?.ip);
      if (known !== undefined && known.name === name && known.ip === ip) return;
      cameras.set(key, compact({ id, name, ip, channel }));
      // a camera that is there calls again, a name that was made up does not
      dropOldest(cameras, capacity);
    },
    forget: (nodeId) => void byNode.delete(nodeId),
  };
}

function orKnown(said: string | undefined, known: string | undefined): string | undefined {
  return said !== undefined && said.length <= longestWord ? said : known;
}
