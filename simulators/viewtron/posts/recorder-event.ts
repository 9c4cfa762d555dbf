/** Recorder detections with a zone or a line: intrusion, line crossing, counting, metadata (3.14). */
import type { Box, Line, Point } from '../../geometry';
import type { Picture } from '../../picture';
import type { TargetType } from '../identity';
import {
  writeRecorderBox,
  writeRecorderDetection,
  writeRecorderSource,
  writeRecorderTargetImage,
  type RecorderPost,
} from './recorder-envelope';

export interface RecorderEvent extends RecorderPost {
  readonly eventId: number;
  readonly targetId: number;
  /** Known whatever the picture setting: the target list is always sent. */
  readonly type: TargetType;
  readonly target?: Picture | undefined;
}

export interface RecorderAreaEvent extends RecorderEvent {
  readonly boundary: readonly Point[];
  readonly box: Box;
}

export interface RecorderLineEvent extends RecorderEvent {
  readonly wire: Line;
  readonly box: Box;
}

export type RecorderLineCountEvent = Omit<RecorderLineEvent, 'box'>;

const noBox: Box = { x1: 0, y1: 0, x2: 0, y2: 0 };

export function writeRegionIntrusion(event: RecorderAreaEvent): string {
  return writeEvent(event, 'regionIntrusion', writeArea(event.boundary), event.box);
}

/** The line is the configured one; which way it was crossed is not said. */
export function writeLineCrossing(event: RecorderLineEvent): string {
  return writeEvent(event, 'lineCrossing', writeLine(event.wire), event.box);
}

/** Neither totals nor in or out, and a box of zeros. */
export function writeTargetCountingByLine(event: RecorderLineCountEvent): string {
  return writeEvent(event, 'targetCountingByLine', writeLine(event.wire), noBox);
}

export function writeTargetCountingByArea(event: RecorderAreaEvent): string {
  return writeEvent(event, 'targetCountingByArea', writeArea(event.boundary), event.box);
}

/** Fires without an alarm status. */
export function writeVideoMetadata(event: RecorderAreaEvent): string {
  return writeEvent(event, 'videoMetadata', writeArea(event.boundary), event.box);
}

function writeEvent(event: RecorderEvent, word: string, shape: string, box: Box): string {
  return writeRecorderDetection(event, word, [
    `    <eventInfo>
        <item>
            <eventId>${event.eventId}</eventId>
            <targetId>${event.targetId}</targetId>
${shape}
            ${writeRecorderBox(box)}
        </item>
    </eventInfo>`,
    writeRecorderSource(event.source),
    `    <targetListInfo>
        <item>
            <targetId>${event.targetId}</targetId>
            <targetType>${event.type}</targetType>
${writeRecorderTargetImage(event.target)}        </item>
    </targetListInfo>`,
  ]);
}

/** Here `boundary` is a word; in camera posts it is the list of points. */
function writeArea(boundary: readonly Point[]): string {
  const points = boundary.map((point) => `                <item>${writeXy(point)}</item>\n`);
  return `            <boundary>area</boundary>
            <pointGroup>
${points.join('')}            </pointGroup>`;
}

function writeLine({ start, end }: Line): string {
  return `            <boundary>tripwire</boundary>
            <directionLine>
                <startPoint>${writeXy(start)}</startPoint>
                <endPoint>${writeXy(end)}</endPoint>
            </directionLine>`;
}

function writeXy({ x, y }: Point): string {
  return `<x>${Math.round(x)}</x><y>${Math.round(y)}</y>`;
}
