/** What a fake recorder can be told: who it is, how it is set, what its channels see. */
import type { Size } from '../geometry';
import type { DeviceOptions } from './device';
import type { RecorderIdentity } from './identity';
import type { RecorderFaceEvent } from './posts';
import type { PictureWeights } from './view';

export interface NvrOptions extends DeviceOptions, RecorderIdentity {
  /** "Connection" of the recorder's web page: one connection a post unless switched on. */
  readonly keepAlive?: boolean;
  /** "Attaching Image" of the recorder's web page. */
  readonly images?: 'both' | 'original' | 'target' | 'none';
  readonly scene?: Size;
  readonly weights?: PictureWeights;
}

export interface RecorderPlateScript {
  readonly number: string;
  /** Group of the recorder's database; absent = the plate is in none. */
  readonly group?: string | undefined;
  readonly owner?: string | undefined;
  /** When it was read; a negative time comes out as the 20 digits seen once (section 4). */
  readonly timeMs?: number;
}

export type FaceScript = Partial<Pick<RecorderFaceEvent, 'age' | 'sex' | 'glasses' | 'mask'>>;
