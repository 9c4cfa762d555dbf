/** Pictures of a post as images of an event, and their size, which boxes in pixels are measured by. */
import type { Image } from '../../event';
import type { EncodedPicture } from '../../wire/pictures';
import type { PictureMode } from '../vendor';
import { tenThousandths } from './boxes';
import type { DetectionMessage, ViewtronMessage, WireTarget } from './message';

/** The overview goes with every event of a post, a cut-out with the event of its target. */
export function toImages(
  message: ViewtronMessage,
  targets: readonly WireTarget[],
  mode: PictureMode,
): readonly Image[] {
  if (mode === 'none' || message.what !== 'detection') return [];
  const images: Image[] = [];
  const add = (role: Image['role'], picture: EncodedPicture | undefined, targetId?: string): void => {
    const data = picture && encode(picture, mode);
    if (data === undefined) return;
    const of = targetId === undefined ? {} : { targetId };
    images.push({ role, data, mimeType: 'image/jpeg', ...picture?.size(), ...of });
  };
  add('scene', message.scene?.picture);
  for (const target of targets) add('target', target.crop, target.id);
  return images;
}

function encode(picture: EncodedPicture, mode: PictureMode): Buffer | string | undefined {
  if (mode === 'base64') return picture.base64();
  return mode === 'data-url' ? picture.dataUrl() : picture.jpeg();
}

/** Recorders give faces, plates and cars in pixels of a picture whose declared size may be 0: then the JPEG tells. */
export function sizeOfRects(message: DetectionMessage): { width: number; height: number } | undefined {
  if (message.rectUnit === 'tenThousandths') return tenThousandths;
  const { width = 0, height = 0, picture } = message.scene ?? {};
  return width > 0 && height > 0 ? { width, height } : picture?.size();
}
