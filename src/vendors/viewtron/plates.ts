/** License plates, as cameras (`listInfo`) and recorders (`licensePlateListInfo`) write them (reference 3.9, 3.15). */
import { child, compact, descend, items, nameOf, textOf, toNumber } from '../../wire/read';
import type { EncodedPicture } from '../../wire/pictures';
import type { Rect, WirePlate, WireScene } from './message';
import { carWords, countOf, entries, readPicture, readPoint, readRect, readTarget, readWords } from './targets';

type Pictures = readonly EncodedPicture[];

/** Plates of a recorder: each item is one, also where its number could not be read. */
export function readRecorderPlates(config: unknown, pictures: Pictures): readonly WirePlate[] {
  return entries(child(config, 'licensePlateListInfo')).map((item) => {
    const plate = descend(item, 'licensePlateAttribute');
    const match = descend(item, 'licensePlateMatchInfo');
    return compact<WirePlate>({
      ...readTarget(item, pictures),
      type: 'plate',
      number: textOf(plate, 'licensePlateNumber'),
      person: undefined,
      listWord: undefined,
      group: textOf(match, 'groupName'),
      owner: textOf(match, 'carOwner'),
      confidence: undefined,
      direction: undefined,
      color: textOf(plate, 'color'),
      region: undefined,
      carRect: readRect(descend(item, 'carRect')),
      car: readWords(descend(item, 'carAttribute'), carWords),
    });
  });
}

/** Plates of a camera. Their place in the list says nothing. */
export function readCameraPlates(config: unknown, pictures: Pictures): readonly WirePlate[] {
  return entries(child(config, 'listInfo'))
    .filter(isPlate)
    .map((item) => {
      const color = textOf(item, 'plateColor');
      return compact<WirePlate>({
        ...readTarget(item, pictures),
        type: 'plate',
        id: nameOf(item, 'vehiceId') ?? nameOf(item, 'vehicleId') ?? nameOf(item, 'targetId'),
        rect: readCorners(item) ?? readRect(descend(item, 'rect')),
        number: textOf(item, 'plateNumber'),
        person: undefined,
        listWord: textOf(item, 'vehicleListType'),
        group: undefined,
        owner: textOf(item, 'carOwner'),
        confidence: readConfidence(item),
        direction: textOf(item, 'vehicleDirect'),
        // a number here is a code without a published legend
        color: toNumber(color) === undefined ? color : undefined,
        region: textOf(item, 'province'),
        // `carRect` is in a unit that nobody has published: left in `raw`
        carRect: undefined,
        car: readWords(descend(item, 'carAttr'), carWords),
      });
    });
}

/** An item with a number is a plate, whatever else it says; one without is a plate only where `image` says so. */
function isPlate(item: unknown): boolean {
  return textOf(item, 'plateNumber') !== undefined || textOf(item, 'image') === '1';
}

/** Tells a post of plates from others where its code is not known (reference 2.3). */
export function listsPlateNumbers(config: unknown): boolean {
  return entries(child(config, 'listInfo')).some((item) => textOf(item, 'plateNumber') !== undefined);
}

/** The overview of a camera's plate post: the list item that is no plate, on firmware without `sourceDataInfo`. */
export function readOverview(config: unknown, pictures: Pictures): WireScene | undefined {
  for (const item of items(child(config, 'listInfo'))) {
    if (isPlate(item)) continue;
    const picture = readPicture(descend(item, 'targetImageData'), pictures);
    if (picture !== undefined) return { picture };
  }
  return undefined;
}

/** `count` is in hundredths of a percent and the element empty; older texts have a plain score in it. */
function readConfidence(item: unknown): number | undefined {
  const hundredths = countOf(item, 'PlateConfidence');
  const percent = hundredths === undefined ? toNumber(textOf(item, 'PlateConfidence')) : hundredths / 100;
  return percent !== undefined && percent >= 0 && percent <= 100 ? percent : undefined;
}

function readCorners(item: unknown): Rect | undefined {
  const corners = ['leftTop', 'rightTop', 'leftBottom', 'rightBottom']
    .map((name) => readPoint(descend(item, name)))
    .filter((point) => point !== undefined);
  if (corners.length < 4) return undefined;
  const xs = corners.map((point) => point.x);
  const ys = corners.map((point) => point.y);
  return { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}
