/**
 * Read, change, write: what a flow asks for is put into the device's own document, checked against what the device says
 * it takes; all else goes back as it came, to the byte.
 */
import {
  childOf,
  escapeXml,
  isCdata,
  isNamed,
  textOfElement,
  writeCdata,
  type XmlElement,
  type XmlSource,
} from '../../../wire/xml-source';
import {
  dataAttributes,
  fieldOf,
  fullScale,
  isCoordinate,
  isList,
  itemsOf,
  readEnumerations,
  readLeaf,
  toValue,
  typeOf,
  type Field,
  type Value,
} from './values';

export interface Change {
  /** `perimeter.objectFilter.person.sensitivity`, `perimeter.regionInfo[0].pointGroup`. */
  readonly path: string;
  readonly before: Value;
  readonly after: unknown;
}

export interface Rewritten {
  /** The block, as it is to be sent. */
  readonly xml: string;
  readonly changes: readonly Change[];
  /** What the device would not take, each with its path; nothing may be sent then. */
  readonly faults: readonly string[];
}

export interface RewriteOptions {
  readonly fractions: boolean;
  /** Leaves go without their `type` (reference 7.8). */
  readonly bareValues?: boolean;
  /** Elements that only the device writes. */
  readonly omit?: readonly string[];
}

type Wanted = Readonly<Record<string, unknown>>;
const idNames = ['id', 'urlId', 'channelId'];

/** @param wanted what changes of the block, as an object of its elements */
export function rewriteBlock(
  source: XmlSource,
  block: XmlElement,
  wanted: unknown,
  options: RewriteOptions,
): Rewritten {
  const work = new Work(source, options);
  const xml = work.rewrite(block, wanted, block.name);
  return { xml, changes: work.changes, faults: work.faults };
}

class Work {
  readonly changes: Change[] = [];
  readonly faults: string[] = [];
  readonly #source: XmlSource;
  readonly #options: RewriteOptions;
  readonly #enumerations: ReadonlyMap<string, readonly string[]>;

  constructor(source: XmlSource, options: RewriteOptions) {
    this.#source = source;
    this.#options = options;
    this.#enumerations = readEnumerations(source);
  }

  rewrite(element: XmlElement, wanted: unknown, path: string, itemType?: XmlElement): string {
    if (isList(element)) return this.#rewriteList(element, wanted, path);
    if (element.children.length > 0) return this.#rewriteChildren(element, wanted, path);
    return this.#rewriteLeaf(element, wanted, path, itemType);
  }

  /** The element with its children changed; what stands between them stays. */
  #rewriteChildren(element: XmlElement, wanted: unknown, path: string): string {
    const { text } = this.#source;
    if (wanted !== undefined && !isObject(wanted)) {
      this.#refuse(path, `must be an object with ${namesOf(element)}, not ${show(wanted)}`);
    }
    const left = new Map(isObject(wanted) ? Object.entries(wanted).filter(([, value]) => value !== undefined) : []);
    let xml = this.#openTag(element);
    let at = element.openEnd;
    const seen = new Map<string, number>();
    for (const child of element.children) {
      const key = [...left.keys()].find((name) => isNamed(child, name));
      const index = seen.get(child.name) ?? 0;
      seen.set(child.name, index + 1);
      const isRepeated = element.children.filter(({ name }) => name === child.name).length > 1;
      const asked = key === undefined ? undefined : left.get(key);
      const own =
        isRepeated && Array.isArray(asked) ? (asked as readonly unknown[])[index] : index === 0 ? asked : undefined;
      xml += text.slice(at, child.start);
      const isOmitted = this.#options.omit?.some((name) => isNamed(child, name)) ?? false;
      if (!isOmitted) xml += this.rewrite(child, own, `${path}.${child.name}`);
      at = child.end;
    }
    const attributes = new Set(dataAttributes(element).map(([name]) => name.toLowerCase()));
    for (const name of left.keys()) {
      if (element.children.some((child) => isNamed(child, name)) || attributes.has(name.toLowerCase())) continue;
      this.#refuse(`${path}.${name}`, `is no setting of this device; ${path} has ${namesOf(element)}`);
    }
    return xml + text.slice(at, element.end);
  }

  #rewriteLeaf(element: XmlElement, wanted: unknown, path: string, itemType?: XmlElement): string {
    const { text } = this.#source;
    const value = isObject(wanted) && 'value' in wanted && dataAttributes(element).length > 0 ? wanted.value : wanted;
    const inner = text.slice(element.openEnd, element.closeStart);
    const close = text.slice(element.closeStart, element.end);
    const unchanged = this.#openTag(element) + inner + close;
    if (value === undefined) return unchanged;
    const field = fieldOf(element, path, this.#enumerations, itemType);
    const checked = this.#check(value, field, path);
    if (checked === undefined) return unchanged;
    const type = typeOf(element) ?? (itemType && typeOf(itemType));
    const isQuoted = isCdata(this.#source, element);
    const before = readLeaf(textOfElement(this.#source, element), element.name, type, isQuoted);
    if (String(before ?? '') === checked) return unchanged;
    this.changes.push({
      path,
      before: this.#toReader(before, path),
      after: this.#toReader(readLeaf(checked, element.name, type, isQuoted), path),
    });
    const written = isQuoted || type?.toLowerCase() === 'string' ? writeCdata(checked) : escapeXml(checked);
    if (isSelfClosed(element)) return `${toOpening(this.#openTag(element))}${written}</${element.name}>`;
    return this.#openTag(element) + written + close;
  }

  /**
   * Items that name the ids of items that are there are merged with those, and the others stay; without ids the list
   * becomes what was given, each item on the ground of the one in its place.
   */
  #rewriteList(element: XmlElement, wanted: unknown, path: string): string {
    const { text } = this.#source;
    const items = itemsOf(element);
    const itemType = childOf(element, 'itemType');
    if (wanted === undefined) return this.#copyList(element, items, itemType, path);
    if (!Array.isArray(wanted)) {
      this.#refuse(path, `must be a list, not ${show(wanted)}`);
      return text.slice(element.start, element.end);
    }
    const list: readonly unknown[] = wanted;
    const ids = items.map((item) => this.#idOf(item));
    const isById =
      list.length > 0 &&
      ids.length > 0 &&
      ids.every((id) => id !== undefined) &&
      list.every((each) => idIn(each) !== undefined);
    const plan: { readonly item: XmlElement | undefined; readonly wanted: unknown }[] = isById
      ? [
          ...items.map((item, index) => ({ item, wanted: list.find((each) => idIn(each) === ids[index]) })),
          ...list
            .filter((each) => !ids.some((id) => id === idIn(each)))
            .map((each) => ({ item: undefined, wanted: each })),
        ]
      : list.map((each, index) => ({ item: items[index], wanted: each }));
    const { maxCount } = fieldOf(element, path, this.#enumerations);
    if (maxCount !== undefined && plan.length > maxCount) {
      this.#refuse(path, `has ${plan.length} items; the device takes ${maxCount}`);
    }
    const before = toValue(this.#source, element, this.#options);
    const inner = this.changes.length;
    const written = plan.map((each, index) => {
      const below = `${path}[${index}]`;
      if (each.item !== undefined) return this.rewrite(each.item, each.wanted, below, itemType);
      return this.#writeItem(items[0], itemType, each.wanted, below);
    });
    if (plan.length !== items.length) {
      // one change for the list tells more than one for each value of an item that came or went
      this.changes.splice(inner);
      this.changes.push({ path, before, after: list });
    }
    return this.#joinItems(element, items, itemType, written);
  }

  #copyList(element: XmlElement, items: readonly XmlElement[], itemType: XmlElement | undefined, path: string): string {
    if (!this.#options.bareValues) return this.#source.text.slice(element.start, element.end);
    const written = items.map((item, index) => this.rewrite(item, undefined, `${path}[${index}]`, itemType));
    return this.#joinItems(element, items, itemType, written);
  }

  /** The list with these items, the white space between them as it was, and its `count` right. */
  #joinItems(
    element: XmlElement,
    items: readonly XmlElement[],
    itemType: XmlElement | undefined,
    written: readonly string[],
  ): string {
    const { text } = this.#source;
    const first = items[0];
    const last = items.at(-1);
    const isEmpty = isSelfClosed(element);
    const from = itemType?.end ?? element.openEnd;
    const lead = first === undefined ? '' : text.slice(Math.min(from, first.start), first.start);
    const between = items[1] === undefined || first === undefined ? lead : text.slice(first.end, items[1].start);
    const head = text.slice(element.openEnd, first === undefined ? from : first.start);
    const tail = last === undefined ? text.slice(from, element.closeStart) : text.slice(last.end, element.closeStart);
    const tag = this.#withCount(element, written.length);
    if (written.length === items.length) {
      // nothing came or went: what stands between the items stays, comments and all
      let xml = tag;
      let at = element.openEnd;
      items.forEach((item, index) => {
        xml += text.slice(at, item.start) + (written[index] ?? '');
        at = item.end;
      });
      return isEmpty ? text.slice(element.start, element.end) : xml + text.slice(at, element.end);
    }
    const open = isEmpty ? toOpening(tag) : tag;
    const close = isEmpty ? `</${element.name}>` : text.slice(element.closeStart, element.end);
    return open + head + written.join(between) + tail + close;
  }

  #withCount(element: XmlElement, count: number): string {
    const tag = this.#openTag(element);
    return tag.replace(/(\scount\s*=\s*)(["'])\d*\2/i, `$1$2${count}$2`);
  }

  /** A new item: after the pattern of another one, of the list's `itemType`, or from nothing. */
  #writeItem(model: XmlElement | undefined, itemType: XmlElement | undefined, wanted: unknown, path: string): string {
    if (model !== undefined) {
      const id = idIn(wanted);
      const xml = this.rewrite(model, wanted, path, itemType);
      return id === undefined ? xml : xml.replace(/^(<[^>]*?\sid\s*=\s*)(["'])[^"']*\2/i, `$1$2${escapeXml(id)}$2`);
    }
    if (itemType !== undefined && itemType.children.length > 0) {
      const xml = this.rewrite({ ...itemType, name: 'item' }, wanted, path);
      return `${xml.slice(0, xml.lastIndexOf('</')).replace(/^<[^\s/>]+/, '<item')}</item>`;
    }
    if (itemType !== undefined && !isObject(wanted) && !Array.isArray(wanted)) {
      const checked = this.#check(wanted, fieldOf(itemType, path, this.#enumerations), path);
      return `<item>${escapeXml(checked ?? '')}</item>`;
    }
    return this.#build('item', wanted, path);
  }

  /** Elements of no pattern, typed as the device types them elsewhere. */
  #build(name: string, value: unknown, path: string): string {
    if (Array.isArray(value)) {
      const list: readonly unknown[] = value;
      const items = list.map((each, index) => this.#build('item', each, `${path}[${index}]`)).join('');
      return `<${name} type="list" count="${list.length}">${items}</${name}>`;
    }
    if (isObject(value)) {
      const parts = Object.entries(value).map(([key, each]) => {
        if (/^[A-Za-z_][\w.-]*$/.test(key)) return this.#build(this.#spell(key), each, `${path}.${key}`);
        this.#refuse(`${path}.${key}`, 'is no name of an element');
        return '';
      });
      return `<${name}>${parts.join('')}</${name}>`;
    }
    const field: Field = isCoordinate(path) ? { type: 'uint32', min: 0, max: fullScale } : {};
    const checked = this.#check(value, field, path) ?? '';
    const isWhole = typeof value === 'number' && Number.isInteger(Number(checked));
    const type = typeof value === 'boolean' ? ' type="boolean"' : isWhole && name !== 'item' ? ' type="uint32"' : '';
    return `<${name}${type}>${escapeXml(checked)}</${name}>`;
  }

  /** Coordinates are in capitals. */
  #spell(key: string): string {
    return /^[xy][12]?$/.test(key) ? key.toUpperCase() : key;
  }

  #idOf(item: XmlElement): string | undefined {
    const attribute = dataAttributes(item).find(([name]) => idNames.includes(name));
    if (attribute !== undefined) return String(attribute[1]);
    const element = item.children.find((child) => idNames.some((name) => isNamed(child, name)));
    return element === undefined ? undefined : textOfElement(this.#source, element);
  }

  /** The text to be written; undefined where the device would not take it. */
  #check(value: unknown, field: Field, path: string): string | undefined {
    const type = field.type?.toLowerCase();
    if (type === 'boolean') {
      const word = String(value).toLowerCase();
      if (word === 'true' || word === 'false') return word;
      return this.#refuse(path, `must be true or false, not ${show(value)}`);
    }
    const isNumeric = type !== undefined && /^(u?int\d*|float|double|decimal)$/.test(type);
    if (isNumeric || typeof value === 'number') {
      const given =
        typeof value === 'number'
          ? value
          : typeof value === 'string' && value.trim() !== ''
            ? Number(value)
            : Number.NaN;
      if (!Number.isFinite(given)) return this.#refuse(path, `must be a number, not ${show(value)}`);
      let number = given;
      if (this.#options.fractions && isCoordinate(path)) {
        if (given < 0 || given > 1) return this.#refuse(path, `must be a fraction from 0 to 1, not ${given}`);
        number = Math.round(given * fullScale);
      }
      if (type?.includes('int') === true && !Number.isInteger(number))
        return this.#refuse(path, `must be a whole number, not ${given}`);
      const { min, max, unit } = field;
      if ((min !== undefined && number < min) || (max !== undefined && number > max)) {
        const range = min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `${min} to ${max}`;
        return this.#refuse(path, `is ${number}; the device takes ${range}${unit === undefined ? '' : ` (${unit})`}`);
      }
      return this.#checkWord(String(number), field, path);
    }
    if (typeof value === 'boolean') return this.#checkWord(String(value), field, path);
    if (typeof value !== 'string') return this.#refuse(path, `must be a text, not ${show(value)}`);
    if (field.maxLength !== undefined && value.length > field.maxLength) {
      return this.#refuse(path, `has ${value.length} characters; the device takes ${field.maxLength}`);
    }
    // XML 1.0 has no way to write them
    // oxlint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(value))
      return this.#refuse(path, 'holds control characters');
    return this.#checkWord(value, field, path);
  }

  #checkWord(word: string, { values }: Field, path: string): string | undefined {
    if (values === undefined || values.includes(word)) return word;
    const meant = values.find((each) => each.toLowerCase() === word.toLowerCase());
    return meant ?? this.#refuse(path, `is "${word.slice(0, 60)}"; the device takes ${values.slice(0, 40).join(', ')}`);
  }

  #toReader(value: Value, path: string): Value {
    return this.#options.fractions && isCoordinate(path) && typeof value === 'number' ? value / fullScale : value;
  }

  #openTag(element: XmlElement): string {
    const tag = this.#source.text.slice(element.start, element.openEnd);
    const isLeaf = element.children.length === 0 && !isList(element);
    return this.#options.bareValues === true && isLeaf ? tag.replace(/\stype\s*=\s*("[^"]*"|'[^']*')/i, '') : tag;
  }

  #refuse(path: string, fault: string): undefined {
    this.faults.push(`${path} ${fault}`);
    return undefined;
  }
}

/** `<a/>`: what stands behind it, a closing tag it may be, is none of it. */
function isSelfClosed({ openEnd, end }: XmlElement): boolean {
  return openEnd === end;
}

/** Cut and trimmed: an expression for the blanks at the end is tried at every blank of a tag. */
function toOpening(tag: string): string {
  return tag.endsWith('/>') ? `${tag.slice(0, -2).trimEnd()}>` : tag;
}

function isObject(value: unknown): value is Wanted {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function idIn(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const name = idNames.find((each) => typeof value[each] === 'number' || typeof value[each] === 'string');
  return name === undefined ? undefined : String(value[name]);
}

function namesOf(element: XmlElement): string {
  const names = [...new Set(element.children.map(({ name }) => name))].slice(0, 30);
  return names.length === 0 ? 'no settings' : names.join(', ');
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
