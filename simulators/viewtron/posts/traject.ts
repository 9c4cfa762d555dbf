/** Tracking posts: where every target is, seven times a second, without pictures (3.12). */
import type { Box } from '../../geometry';
import type { TargetType } from '../identity';
import { writeBox, writeCameraEnvelope, writeList, writePoint, type CameraPost } from './camera-envelope';
import { writeNumber } from './xml';

export interface TrackedTarget {
  readonly targetId: number;
  readonly type: TargetType;
  readonly box: Box;
}

export interface TrajectPost extends CameraPost {
  readonly targets: readonly TrackedTarget[];
}

/** Point, velocity and direction were always 0 and the path empty, whatever the target did. */
export function writeTraject(post: TrajectPost): string {
  const items = post.targets.map(
    ({ targetId, type, box }) => `<item>
${writeNumber('targetId', targetId)}
${writePoint('point', { x: 0, y: 0 })}
${writeBox(box)}
<velocity type="uint32">0</velocity>
<direction type="uint32">0</direction>
<targetType type="targetType">${type}</targetType>
<trajectlength type="list" count="0"/>
</item>`,
  );
  return writeCameraEnvelope(post, '', [writeList('traject', items)]);
}
