/** Camera detections with an event block: intrusion, line crossing, region entrance, counting, face, motion (3.4-3.8, 3.11). */
import type { Box, Line, Point } from '../../geometry';
import type { Picture } from '../../picture';
import {
  writeBoundary,
  writeBox,
  writeCameraDetection,
  writeDetection,
  writeList,
  writePoint,
  writeSource,
  writeTargetList,
  writeUptime,
  type CameraPost,
  type Detection,
  type ListedTarget,
} from './camera-envelope';
import { writeNumber } from './xml';

export interface CameraPictures {
  readonly source?: Picture | undefined;
  /** Empty where target pictures are not subscribed: then the type of the target is unknown too. */
  readonly targets?: readonly ListedTarget[];
}

export interface AreaEvent extends CameraPost, CameraPictures, Detection {
  readonly boundary: readonly Point[];
  readonly box: Box;
}

export interface LineEvent extends CameraPost, CameraPictures, Detection {
  readonly wire: Line;
  readonly box: Box;
  /** Two layouts occur: the points inside a `line` element, or directly in the item. */
  readonly layout?: 'line' | 'item';
}

export interface Counts {
  readonly person: number;
  readonly car: number;
  readonly bike: number;
}

export interface LineCountEvent extends CameraPost, CameraPictures, Detection {
  readonly enter: Counts;
  readonly leave: Counts;
}

/** `PEA` with a perimeter block: intrusion. */
export function writePerimeter(event: AreaEvent): string {
  const item = `<item>\n${writeDetection(event)}\n${writeBoundary(event.boundary)}\n${writeBox(event.box)}\n</item>`;
  return writeEvent(event, 'PEA', `<perimeter>\n${writeList('perInfo', [item])}\n</perimeter>`);
}

/** `PEA` with a tripwire block: line crossing. The wire is as configured; no direction is reported. */
export function writeTripwire(event: LineEvent): string {
  const points = `${writePoint('startPoint', event.wire.start)}\n${writePoint('endPoint', event.wire.end)}`;
  const wire = event.layout === 'item' ? points : `<line>\n${points}\n</line>`;
  const item = `<item>\n${writeDetection(event)}\n${wire}\n${writeBox(event.box)}\n</item>`;
  return writeEvent(event, 'PEA', `<tripwire>\n${writeList('tripInfo', [item])}\n</tripwire>`);
}

export function writeAreaEntry(event: AreaEvent): string {
  return writeEvent(event, 'AOIENTRY', writeAreaBlock('iveAoiEntry', event));
}

export function writeAreaExit(event: AreaEvent): string {
  return writeEvent(event, 'AOILEAVE', writeAreaBlock('iveAoiLeave', event));
}

/** `PASSLINECOUNT`: running totals ride in the post; present = entered minus left. */
export function writeLineCount(event: LineCountEvent): string {
  const { enter, leave } = event;
  const exist: Counts = {
    person: enter.person - leave.person,
    car: enter.car - leave.car,
    bike: enter.bike - leave.bike,
  };
  const item = `<item>\n${writeDetection(event)}\n</item>`;
  return writeEvent(
    event,
    'PASSLINECOUNT',
    `<passLineCount>
${writeCounts('enter', enter)}
${writeCounts('leave', leave)}
${writeCounts('exist', exist)}
${writeList('passLineCountInfo', [item])}
</passLineCount>`,
  );
}

/** `VFD`: the common frame only, one list entry a face. */
export function writeFace(event: CameraPost & CameraPictures): string {
  return writeEvent(event, 'VFD', '');
}

/** `MOTION`: the layout of its `motion` block is not published, so the frame and the overview are all there is. */
export function writeMotion(event: CameraPost & CameraPictures): string {
  return writeEvent(event, 'MOTION', '');
}

function writeEvent(event: CameraPost & CameraPictures, code: string, block: string): string {
  const { source, targets = [], firmware } = event;
  const list = writeTargetList(firmware, targets);
  return writeCameraDetection(event, code, [block, writeUptime(event), writeSource(source), list]);
}

function writeAreaBlock(name: string, event: AreaEvent): string {
  const item = `<item>\n${writeDetection(event)}\n${writeBoundary(event.boundary)}\n</item>`;
  return `<${name}>\n${writeList('aoiInfo', [item])}\n</${name}>`;
}

function writeCounts(direction: 'enter' | 'leave' | 'exist', counts: Counts): string {
  return [
    writeNumber(`${direction}CarCount`, counts.car),
    writeNumber(`${direction}PersonCount`, counts.person),
    writeNumber(`${direction}BikeCount`, counts.bike),
  ].join('\n');
}
