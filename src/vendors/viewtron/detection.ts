/** Detections of cameras and recorders: one reader, since the layout is told by content and not by version. */
import { all, child, compact, descend, isTree, items, numberOf, textOf } from '../../wire/read';
import type { EncodedPicture } from '../../wire/pictures';
import { meaningOf } from './codes';
import { readFaces } from './faces';
import {
  listLimit,
  type DetectionMessage,
  type WireCounts,
  type WireItem,
  type WireScene,
  type WireTarget,
} from './message';
import { listsPlateNumbers, readCameraPlates, readOverview, readRecorderPlates } from './plates';
import { entries, readDevice, readItem, readScene, readTarget } from './targets';

type Pictures = readonly EncodedPicture[];

/** Children of the root that hold no event. */
const envelope = new Set(
  ['types', 'deviceInfo', 'sourceDataInfo', 'listInfo', 'targetListInfo', 'licensePlateListInfo', 'faceListInfo'].map(
    (name) => name.toLowerCase(),
  ),
);

/**
 * Reads a post that has a `smartType`, or is laid out as if it had one. What its lists hold decides before the code does:
 * a code that is not known may still name plates or faces (reference 2.3).
 */
export function readDetection(root: string, tree: unknown, pictures: Pictures): DetectionMessage {
  const config = child(tree, root);
  const code = textOf(config, 'smartType');
  const category = code === undefined ? undefined : meaningOf(code)?.category;
  const hasRecorderPlates = child(config, 'licensePlateListInfo') !== undefined;
  const hasRecorderFaces = child(config, 'faceListInfo') !== undefined;
  const isPlate =
    hasRecorderPlates ||
    (!hasRecorderFaces && (category === 'plate' || (category === undefined && listsPlateNumbers(config))));
  const isFace = !isPlate && (hasRecorderFaces || category === 'face');
  const vsd = descend(config, 'vsd');
  const blocks = findBlocks(config);

  return {
    what: 'detection',
    device: readDevice(descend(config, 'deviceInfo'), config),
    time: compact({ currentTime: textOf(config, 'currentTime'), dataTime: textOf(config, 'dataTime') }),
    tree,
    root,
    blocks: blocks.map(([name]) => name),
    rectUnit: hasRecorderPlates || hasRecorderFaces ? 'pixels' : 'tenThousandths',
    items: readItems(config, blocks),
    targets: isPlate || isFace ? [] : readTargets(config, vsd, pictures),
    ...compact<Pick<DetectionMessage, 'code' | 'plates' | 'faces' | 'scene' | 'counts' | 'grid'>>({
      code,
      plates: !isPlate
        ? undefined
        : hasRecorderPlates
          ? readRecorderPlates(config, pictures)
          : readCameraPlates(config, pictures),
      faces: isFace ? readFaces(config, hasRecorderFaces ? 'faceListInfo' : 'listInfo', pictures) : undefined,
      scene: findScene(config, vsd, isPlate, pictures),
      counts: readCounts(blocks),
      grid: readGrid(child(config, 'motion')),
    }),
  };
}

function findScene(config: unknown, vsd: unknown, isPlate: boolean, pictures: Pictures): WireScene | undefined {
  const scene = readScene(config, pictures) ?? readScene(vsd, pictures);
  const hasData = scene?.picture.size() !== undefined;
  return hasData || !isPlate ? scene : (readOverview(config, pictures) ?? scene);
}

/** Posts have one event block, or two of which one is empty; hostile ones have thousands. */
const blockLimit = 20;

type Block = readonly [name: string, tree: unknown];

function findBlocks(config: unknown): readonly Block[] {
  if (!isTree(config)) return [];
  return Object.keys(config)
    .filter((name) => !name.startsWith('@') && !envelope.has(name.toLowerCase()))
    .flatMap((name) => all(config, name).map((block): Block => [name, block]))
    .filter(([, block]) => isTree(block) && Object.keys(block).some((key) => !key.startsWith('@') && key !== '#text'))
    .slice(0, blockLimit);
}

/** Lists in an event block that hold pictures and not events (reference 3.7). */
const pictureLists = new Set(['sourcedatainfo', 'targetimagedata']);

/**
 * Event lists lie in the block (`eventInfo/item`) or one level below (`perimeter/perInfo/item`). `AVD` posts have theirs
 * in `listInfo`, which lists targets elsewhere. Unknown blocks are read alike.
 */
function readItems(config: unknown, blocks: readonly Block[]): readonly WireItem[] {
  const found: WireItem[] = [];
  for (const [name, block] of blocks) {
    const names = isTree(block) ? Object.keys(block).filter((key) => !pictureLists.has(key.toLowerCase())) : [];
    for (const list of [block, ...names.flatMap((key) => all(block, key))]) {
      if (found.length > listLimit) return found;
      found.push(
        ...entries(list)
          .map((item) => readItem(item, name))
          .filter(saysEvent),
      );
    }
  }
  if (found.length > 0) return found;
  return entries(child(config, 'listInfo'))
    .map((item) => readItem(item, 'listInfo'))
    .filter(({ eventId, alarmType, status }) => (eventId ?? alarmType ?? status) !== undefined);
}

function saysEvent({ block: _block, shape: _shape, ...said }: WireItem): boolean {
  return Object.keys(said).length > 0;
}

function readTargets(config: unknown, vsd: unknown, pictures: Pictures): readonly WireTarget[] {
  return [
    ...entries(child(config, 'listInfo')).map((item) => readTarget(item, pictures)),
    ...entries(child(config, 'targetListInfo')).map((item) => readTarget(item, pictures)),
    // video metadata: the crop stands alone, as one block or several
    ...readCrops(vsd).map((block) => readTarget(block, pictures, block)),
  ].filter((target) => Object.keys(target).length > 0);
}

/** `vsd/targetImageData`: one block, several, or a list of `item`s. */
function readCrops(vsd: unknown): readonly unknown[] {
  return all(vsd, 'targetImageData')
    .flatMap((block) => (items(block).length > 0 ? items(block) : [block]))
    .slice(0, listLimit + 1);
}

const countNames = { person: 'Person', vehicle: 'Car', motorcycle: 'Bike' };
const countDirections = { enter: 'enter', leave: 'leave', present: 'exist' };

/** `enterPersonCount`, `leaveCarCount`, `existBikeCount` in `passLineCount`, `traffic` or wherever they stand. */
function readCounts(blocks: readonly Block[]): WireCounts | undefined {
  for (const [, block] of blocks) {
    const counts: Record<string, Record<string, number>> = {};
    for (const [direction, prefix] of Object.entries(countDirections)) {
      for (const [type, word] of Object.entries(countNames)) {
        const count = numberOf(block, `${prefix}${word}Count`);
        if (count !== undefined && Number.isInteger(count)) (counts[direction] ??= {})[type] = count;
      }
    }
    if (Object.keys(counts).length > 0) return counts;
  }
  return undefined;
}

/** Fewer rows or columns are numbers that happen to be made of ones and zeros. */
const gridSide = 4;
/** Elements whose text is a number or a word, never cells. */
const numbersBesideGrid = /(id|status|time|count|level)$/i;

/** Rows of `0` and `1` anywhere in the block (its layout is not published; the configuration has 18 rows of 22). */
function readGrid(block: unknown): readonly string[] | undefined {
  const rows: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') rows.push(...value.split(/[\s,;]+/).filter((row) => /^[01]+$/.test(row)));
    else if (Array.isArray(value)) value.forEach(collect);
    else if (isTree(value)) {
      for (const name in value) if (!name.startsWith('@') && !numbersBesideGrid.test(name)) collect(value[name]);
    }
  };
  collect(block);
  const columns = rows[0]?.length ?? 0;
  if (rows.length < gridSide || columns < gridSide) return undefined;
  return rows.every((row) => row.length === columns) ? rows : undefined;
}
