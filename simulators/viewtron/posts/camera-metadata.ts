/** `VSD`, video metadata: everything, pictures too, sits one level deeper (3.7). */
import type { Point } from '../../geometry';
import type { Picture } from '../../picture';
import type { TargetType } from '../identity';
import {
  writeBoundary,
  writeCameraDetection,
  writeList,
  writeSource,
  writeTargetImage,
  writeUptime,
  type CameraPost,
} from './camera-envelope';
import { escapeText, writeNumber } from './xml';

export interface MetadataEvent extends CameraPost {
  readonly eventId: number;
  readonly targetId: number;
  readonly type: TargetType;
  readonly boundary: readonly Point[];
  readonly source?: Picture | undefined;
  readonly target?: Picture | undefined;
  /** Element name to value: `sex`, `hat`, `uppercolor` of people; `color`, `type`, `brand` of vehicles. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export function writeMetadata(event: MetadataEvent): string {
  const { firmware, source, target, type } = event;
  const item = `<item>
${writeNumber('eventId', event.eventId)}
${writeNumber('targetId', event.targetId)}
${writeBoundary(event.boundary)}
</item>`;
  const parts = [
    writeList('vsdInfo', [item]),
    writeSource(source),
    target === undefined ? '' : writeTargetImage(firmware, type, target, target, writeAttributes(event)),
  ].filter((part) => part !== '');
  return writeCameraDetection(event, 'VSD', [writeUptime(event), `<vsd>\n${parts.join('\n')}\n</vsd>`]);
}

function writeAttributes({ type, attributes }: MetadataEvent): string {
  if (attributes === undefined) return '';
  const block = type === 'person' ? 'personAttr' : 'carAttr';
  const lines = Object.entries(attributes).map(([name, value]) => `<${name}>${escapeText(value)}</${name}>\n`);
  return `<${block}>\n${lines.join('')}</${block}>\n`;
}
