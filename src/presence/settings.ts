/** What a user chose of a presence node, in the units that the core counts in. */
import type { TargetType } from '../event';
import type { Anchor } from './geometry';
import type { Shapes } from './shapes';

export interface PresenceSettings {
  /** Names, addresses, MACs, serial numbers; empty: all. */
  readonly cameras: readonly string[];
  readonly targetTypes: ReadonlySet<TargetType>;
  /** Height of the box in fractions of the picture's height. */
  readonly minHeight: number;
  readonly maxHeight: number;
  readonly anchor: Anchor;
  /** Width of the picture by its height. */
  readonly aspect: number;
  /** So long after it was seen last a target counts as there. */
  readonly stopDelayMs: number;
  /** 0: movements are not told. */
  readonly movesPerSecond: number;
  /** Whether presence is told again when the number changes. */
  readonly tellsNumbers: boolean;
  readonly shapes: Shapes;
  /** Minutes after midnight, in the time zone of this machine, when the counts begin anew. */
  readonly resetMinute: number | undefined;
  /** 0: no pictures. */
  readonly picturesPerSecond: number;
  /** Whether pictures show the camera's last scene behind. */
  readonly showsScene: boolean;
}
