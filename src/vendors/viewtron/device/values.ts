/** A device's XML as plain objects: types honoured, lists without their `itemType`, and what each value may be. */
import {
  attributeOfElement,
  childOf,
  isCdata,
  isNamed,
  textOfElement,
  type XmlElement,
  type XmlSource,
} from '../../../wire/xml-source';

export type Scalar = string | number | boolean | null;
export type Value = Scalar | readonly Value[] | { readonly [name: string]: Value };

/** What the device takes for one value. */
export interface Field {
  readonly type?: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly default?: string;
  /** Of an enumeration. */
  readonly values?: readonly string[];
  readonly maxLength?: number;
  /** Of a list. */
  readonly maxCount?: number;
}

export interface ReadOptions {
  /** Zones and lines as fractions 0..1 of the picture instead of the device's 0 to 10000. */
  readonly fractions: boolean;
}

export const fullScale = 10_000;

/** Attributes that describe a value; any other is a part of it. */
const describing = new Set([
  'type',
  'min',
  'max',
  'default',
  'minlen',
  'maxlen',
  'mincharnum',
  'maxcharnum',
  'count',
  'maxcount',
  'version',
  'total',
]);

/** Names whose values look like numbers and are none: `007` is a plate. */
const texts = /plate|name|phone|number$|^sn$|mac|version|date|time$|^url$|path|domain|ip$|addr|user|password|owner/i;
const times = /holdtime|intervaltime|inittermtime|maxholdtime/i;

const units: readonly (readonly [RegExp, string])[] = [
  [/^(alarmHoldTime|keepaliveTimeval|intervalTime|heartbeatInterval|.*HoldTime)$/i, 's'],
  [/^(sensitivity|plateSen[cs]itivity)$/i, '%'],
  [/^(X|Y)[12]?$/i, '1/10000 of the picture'],
  [/^(totalSpace|freeSpace|imageFreeSpace)$/i, 'MB'],
  [/^maxBitRate$/i, 'kbit/s'],
  [/^frameRate$/i, 'frames/s'],
  [/^(ntpSyncInterval|offSet)$/i, 'min'],
];

/** Limits of the reference for devices that name none themselves. */
const knownLimits: readonly (readonly [RegExp, Field])[] = [
  [/(^|\.)keepaliveTimeval$/i, { min: 30, max: 120 }],
  [/objectFilter\.\w+\.sensitivity$/i, { min: 1, max: 100 }],
  [/(^|\.)plateSen[cs]itivity$/i, { min: 0, max: 100 }],
  [/(^|\.)(serverPort|port|httpPort|rtspPort)$/i, { min: 1, max: 65_535 }],
  [/(regionInfo|lineInfo|pointGroup|startPoint|endPoint)\b.*\.[XY][12]?$/i, { min: 0, max: fullScale }],
  [/(^|\.)(bright|saturation|contrast|hue)$/i, { min: 0, max: 100 }],
];

const integerTypes: Readonly<Record<string, readonly [number, number]>> = {
  uint8: [0, 255],
  uint16: [0, 65_535],
  uint32: [0, 4_294_967_295],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  int8: [-128, 127],
  int16: [-32_768, 32_767],
  int32: [-2_147_483_648, 2_147_483_647],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};
const fractionTypes = new Set(['float', 'double', 'decimal']);
const plainNumber = /^-?(0|[1-9]\d{0,14})$/;

export function typeOf(element: XmlElement): string | undefined {
  return attributeOfElement(element, 'type');
}

export function isList(element: XmlElement): boolean {
  if (typeOf(element)?.toLowerCase() === 'list' || childOf(element, 'itemType') !== undefined) return true;
  return element.children.length > 0 && element.children.every((child) => isNamed(child, 'item'));
}

export function itemsOf(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => isNamed(child, 'item'));
}

/** Attributes that are a part of the value: `id`, `channelStatus`. */
export function dataAttributes(element: XmlElement): readonly (readonly [string, string | number])[] {
  return element.attributes
    .filter(({ name }) => !describing.has(name.toLowerCase()) && !/^xmlns/i.test(name))
    .map(({ name, value }) => [name, plainNumber.test(value) ? Number(value) : value] as const);
}

/** True for a coordinate of a zone or line; those of texts on the picture are in a unit that nobody has published. */
export function isCoordinate(path: string): boolean {
  return /(regionInfo|lineInfo|pointGroup|startPoint|endPoint)\b.*(^|\.)[XY][12]?$/i.test(path);
}

/** What a leaf's text means. */
export function readLeaf(text: string, name: string, type: string | undefined, isQuoted: boolean): Scalar {
  const kind = type?.toLowerCase();
  if (kind === 'boolean' || (kind === undefined && !isQuoted)) {
    const word = text.toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    if (kind === 'boolean' && (word === '1' || word === '0')) return word === '1';
  }
  if (kind !== undefined && (kind in integerTypes || fractionTypes.has(kind))) {
    if (text === '') return null;
    const number = Number(text);
    return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : text;
  }
  const isText = isQuoted || kind !== undefined || (texts.test(name) && !times.test(name));
  return !isText && plainNumber.test(text) ? Number(text) : text;
}

/** One element as a plain value. */
export function toValue(source: XmlSource, element: XmlElement, options: ReadOptions): Value {
  return read(source, element, element.name, options);
}

function read(source: XmlSource, element: XmlElement, path: string, options: ReadOptions, itemType?: string): Value {
  if (isList(element)) return readList(source, element, itemsOf(element), path, options);
  const attributes = Object.fromEntries(dataAttributes(element));
  if (element.children.length === 0) {
    const text = textOfElement(source, element);
    const leaf = readLeaf(text, element.name, typeOf(element) ?? itemType, isCdata(source, element));
    const value = options.fractions && isCoordinate(path) && typeof leaf === 'number' ? leaf / fullScale : leaf;
    return Object.keys(attributes).length === 0 ? value : { ...attributes, value };
  }
  return { ...attributes, ...readChildren(source, element, path, options) };
}

/** The children as an object; what comes several times becomes an array. */
export function readChildren(
  source: XmlSource,
  element: XmlElement,
  path: string,
  options: ReadOptions,
): Record<string, Value> {
  const fields: Record<string, Value> = {};
  const repeated = new Set<string>();
  const { children } = element;
  for (let index = 0; index < children.length; index++) {
    const child = children[index];
    if (child === undefined) continue;
    const below = `${path}.${child.name}`;
    let value: Value;
    // v1.9 puts items beside their list instead of inside (reference 7.3)
    const beside = isList(child) && itemsOf(child).length === 0 ? findBeside(children, index) : [];
    if (beside.length > 0) {
      const items = beside.filter((each) => isNamed(each, 'item'));
      value = readList(
        source,
        child,
        items,
        below,
        options,
        beside.find((each) => isNamed(each, 'itemType')),
      );
      index += beside.length;
    } else {
      value = read(source, child, below, options);
    }
    const present = fields[child.name];
    if (present === undefined) {
      fields[child.name] = value;
    } else if (repeated.has(child.name) && Array.isArray(present)) {
      fields[child.name] = [...present, value];
    } else {
      repeated.add(child.name);
      fields[child.name] = [present, value];
    }
  }
  return fields;
}

function findBeside(children: readonly XmlElement[], index: number): readonly XmlElement[] {
  const found: XmlElement[] = [];
  for (const child of children.slice(index + 1)) {
    if (!isNamed(child, 'item') && !isNamed(child, 'itemType')) break;
    found.push(child);
  }
  return found;
}

function readList(
  source: XmlSource,
  list: XmlElement,
  items: readonly XmlElement[],
  path: string,
  options: ReadOptions,
  itemType = childOf(list, 'itemType'),
): readonly Value[] {
  const type = itemType && typeOf(itemType);
  return items.map((item) => read(source, item, `${path}[]`, options, type));
}

/** The allowed words of the enumerations that a document defines in `types`, by lower-case name. */
export function readEnumerations(source: XmlSource): ReadonlyMap<string, readonly string[]> {
  const types = childOf(source.root, 'types');
  const words = (type: XmlElement): readonly string[] =>
    type.children.map((each) => textOfElement(source, each)).filter((word) => word !== '');
  return new Map((types?.children ?? []).map((type) => [type.name.toLowerCase(), words(type)]));
}

/** What an element takes: its own attributes, its list's `itemType`, the enumerations, and what is known of devices. */
export function fieldOf(
  element: XmlElement,
  path: string,
  enumerations: ReadonlyMap<string, readonly string[]>,
  itemType?: XmlElement,
): Field {
  const attribute = (name: string): string | undefined =>
    attributeOfElement(element, name) ?? attributeOfElement(itemType, name);
  const number = (...names: readonly string[]): number | undefined => {
    const text = names.map(attribute).find((found) => found !== undefined && found !== '');
    return text === undefined || !Number.isFinite(Number(text)) ? undefined : Number(text);
  };
  const type = attribute('type');
  const known = knownLimits.find(([pattern]) => pattern.test(path))?.[1] ?? {};
  const values = type === undefined ? undefined : enumerations.get(type.toLowerCase());
  const unit = units.find(([pattern]) => pattern.test(element.name))?.[1];
  const range = type === undefined ? undefined : integerTypes[type.toLowerCase()];
  const described = {
    type,
    unit,
    min: number('min') ?? known.min ?? range?.[0],
    max: number('max') ?? known.max ?? range?.[1],
    default: attribute('default'),
    values: values !== undefined && values.length > 0 ? values : undefined,
    maxLength: number('maxLen', 'maxCharNum'),
    maxCount: number('maxCount'),
  };
  return Object.fromEntries(Object.entries(described).filter(([, value]) => value !== undefined));
}

/** Limits, units and enumerations of all values of a block, by path; list items are `[]`. */
export function describeFields(source: XmlSource, block: XmlElement, options: ReadOptions): Record<string, Field> {
  const enumerations = readEnumerations(source);
  const fields: Record<string, Field> = {};
  const walk = (element: XmlElement, path: string, itemType?: XmlElement): void => {
    const own = fieldOf(element, path, enumerations, itemType);
    const field = options.fractions && isCoordinate(path) ? { unit: 'fraction of the picture', min: 0, max: 1 } : own;
    const list = isList(element);
    if ((list || element.children.length === 0) && Object.keys(field).length > 0) fields[path] ??= field;
    for (const child of element.children) {
      if (isNamed(child, 'itemType')) continue;
      if (isNamed(child, 'item') && list) walk(child, `${path}[]`, childOf(element, 'itemType'));
      else walk(child, `${path}.${child.name}`);
    }
  };
  walk(block, block.name);
  return fields;
}
