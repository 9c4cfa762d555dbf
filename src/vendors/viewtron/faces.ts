/** Faces, as cameras (`listInfo`) and recorders (`faceListInfo`) write them (reference 3.8, 3.16). */
import { child, compact } from '../../wire/read';
import type { EncodedPicture } from '../../wire/pictures';
import type { WireFace } from './message';
import { entries, faceWords, readTarget, readWords } from './targets';

/** Every item is a face; `age`, `sex`, `glasses` and `mask` are optional in both forms. */
export function readFaces(
  config: unknown,
  list: 'listInfo' | 'faceListInfo',
  pictures: readonly EncodedPicture[],
): readonly WireFace[] {
  return entries(child(config, list)).map((item) =>
    compact<WireFace>({ ...readTarget(item, pictures), type: 'face', attributes: readWords(item, faceWords) }),
  );
}
