/** The detections a walking target can set off on a camera: which post each rule writes, and which alarm it raises. */
import type { Line, Point } from '../geometry';
import type { Picture } from '../picture';
import {
  writeAreaEntry,
  writeAreaExit,
  writeLineCount,
  writeMetadata,
  writePerimeter,
  writeTripwire,
  type CameraAlarmField,
  type CameraPost,
  type Counts,
  type TrackedTarget,
} from './posts';
import type { TargetStatus } from './identity';

export type Rule = 'perimeter' | 'tripwire' | 'entry' | 'exit' | 'count' | 'metadata';

/** Everything a detection may show; each rule takes what is its own. */
export interface Sighting extends CameraPost {
  readonly target: TrackedTarget;
  readonly status: TargetStatus;
  readonly zone: readonly Point[];
  readonly wire: Line;
  readonly enter: Counts;
  readonly leave: Counts;
  readonly source: Picture | undefined;
  readonly crop: Picture | undefined;
}

interface RuleHabits {
  readonly kind: string;
  /** eventId minus targetId is constant per kind in every capture (3.3). */
  readonly eventIdOffset: number;
  /** Absent where no field is documented for pushes. */
  readonly alarm?: CameraAlarmField;
  readonly write: (sighting: Sighting, eventId: number) => string;
}

export const rules: Readonly<Record<Rule, RuleHabits>> = {
  tripwire: {
    kind: 'PEA tripwire',
    eventIdOffset: 100,
    alarm: 'tripwireAlarm',
    // Which firmware writes which layout is not known; so each takes one and both are met.
    write: (seen, eventId) =>
      writeTripwire({ ...describe(seen, eventId), layout: seen.firmware === '5.3.1' ? 'item' : 'line' }),
  },
  perimeter: {
    kind: 'PEA perimeter',
    eventIdOffset: 200,
    alarm: 'perimeterAlarm',
    write: (seen, eventId) => writePerimeter(describe(seen, eventId)),
  },
  entry: { kind: 'AOIENTRY', eventIdOffset: 300, write: (seen, eventId) => writeAreaEntry(describe(seen, eventId)) },
  exit: { kind: 'AOILEAVE', eventIdOffset: 400, write: (seen, eventId) => writeAreaExit(describe(seen, eventId)) },
  count: {
    kind: 'PASSLINECOUNT',
    eventIdOffset: 600,
    write: (seen, eventId) => writeLineCount(describe(seen, eventId)),
  },
  metadata: {
    kind: 'VSD',
    eventIdOffset: 1000,
    write: (seen, eventId) => writeMetadata({ ...describe(seen, eventId), type: seen.target.type, target: seen.crop }),
  },
};

function describe(seen: Sighting, eventId: number) {
  const { target, crop, zone, ...rest } = seen;
  return {
    ...rest,
    eventId,
    targetId: target.targetId,
    box: target.box,
    boundary: zone,
    targets: crop === undefined ? [] : [{ ...target, picture: crop }],
  };
}
