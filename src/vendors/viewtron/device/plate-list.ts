/** Lists of plates brought into a device: what becomes of each plate is told, also where the device dies half-way. */
import type { CallOptions } from './connection';
import type { Device } from './device';
import { DeviceError } from './failure';
import { openPlateBook } from './plate-book';
import { canonical, refusal, samePlate, type Group, type Plate, type PlateAnswer, type PlateBook } from './plates';

/** What became of one plate. `unknown`: the connection broke after it had been sent. */
export type PlateOutcome = 'added' | 'changed' | 'unchanged' | 'removed' | 'refused' | 'unknown' | 'not-tried';

export interface PlateResult {
  readonly number: string;
  readonly group: string;
  readonly outcome: PlateOutcome;
  readonly reason?: string;
}

export interface PlatesReport {
  readonly family: PlateBook['family'];
  readonly counts: Readonly<Partial<Record<PlateOutcome, number>>>;
  readonly plates: readonly PlateResult[];
}

/** Carries what was done before it went wrong. */
export class PlatesError extends DeviceError {
  readonly report: PlatesReport;

  constructor(report: PlatesReport, cause: DeviceError) {
    const done = describeCounts(report);
    super(cause.code, `${cause.reason}. Until then: ${done === '' ? 'nothing was done' : done}`, {
      device: cause.device,
      command: cause.command,
      channel: cause.channel,
      errorCode: cause.errorCode,
      retryable: cause.retryable,
      mayHaveActed: cause.mayHaveActed,
      cause,
    });
    this.report = report;
  }
}

export async function listGroups(device: Device, options: CallOptions = {}): Promise<readonly Group[]> {
  return (await openPlateBook(device, options)).groups(options);
}

export async function listPlates(
  device: Device,
  filter: { readonly group?: string | undefined; readonly number?: string | undefined },
  options: CallOptions = {},
): Promise<readonly Plate[]> {
  const book = await openPlateBook(device, options);
  const plates: Plate[] = [];
  for await (const page of book.pages(filter, options)) plates.push(...page);
  return plates;
}

/** Adds in portions; a plate that is there already is brought to what was asked for. */
export async function addPlates(
  device: Device,
  plates: readonly Plate[],
  options: CallOptions = {},
): Promise<PlatesReport> {
  const book = await openPlateBook(device, options);
  const ledger = new Ledger(book.family, plates);
  await ledger.guard(() => addAll(device, book, plates, ledger, options));
  return ledger.report;
}

export async function changePlates(
  device: Device,
  plates: readonly Plate[],
  options: CallOptions = {},
): Promise<PlatesReport> {
  const book = await openPlateBook(device, options);
  const ledger = new Ledger(book.family, plates);
  const shelf = new Shelf(book, plates.length);
  await ledger.guard(async () => {
    for (const plate of plates) {
      await ledger.attempt(plate, 'changed', async () => {
        const present = await shelf.find(plate, options);
        if (present === undefined) throw notFound(device, plate);
        const group = plate.group === '' ? present.group : plate.group;
        const after = { ...present, ...plate, group };
        if (isLike(present, after)) return 'unchanged';
        await book.change(present, after, options);
        return 'changed';
      });
    }
  });
  return ledger.report;
}

export async function removePlates(
  device: Device,
  plates: readonly Plate[],
  options: CallOptions = {},
): Promise<PlatesReport> {
  const book = await openPlateBook(device, options);
  const ledger = new Ledger(book.family, plates);
  const shelf = new Shelf(book, plates.length);
  await ledger.guard(async () => {
    for (const plate of plates) {
      await ledger.attempt(plate, 'removed', async () => {
        // without a group it is meant wherever it is
        const present = plate.group === '' ? await shelf.find(plate, options) : plate;
        if (present === undefined) throw notFound(device, plate);
        await book.remove(present, options);
      });
    }
  });
  return ledger.report;
}

/**
 * Makes the device's list what was given: only what differs is sent. What is new comes in before what is old goes, so
 * that nobody stands before a closed gate meanwhile.
 *
 * @param group only plates of this group count; absent: those of all groups
 */
export async function replacePlates(
  device: Device,
  plates: readonly Plate[],
  group: string | undefined,
  options: CallOptions = {},
): Promise<PlatesReport> {
  const book = await openPlateBook(device, options);
  const wanted = new Map(plates.map((plate) => [keyOf(plate), plate]));
  const stale: Plate[] = [];
  const present = new Map<string, Plate>();
  for await (const page of book.pages({ group }, options)) {
    for (const plate of page) {
      if (wanted.has(keyOf(plate))) present.set(keyOf(plate), plate);
      else stale.push(plate);
    }
  }
  const ledger = new Ledger(book.family, [...wanted.values(), ...stale]);
  const moved = new Set<Plate>();
  await ledger.guard(async () => {
    const fresh: Plate[] = [];
    for (const plate of wanted.values()) {
      const old = present.get(keyOf(plate));
      if (old === undefined) {
        // the device may know a number once only: from one group into another it goes alone
        const other = stale.find((each) => each.number === plate.number && !moved.has(each));
        if (other === undefined) {
          fresh.push(plate);
        } else {
          moved.add(other);
          const move = (): Promise<void> => book.change(other, { ...other, ...plate }, options);
          if (await ledger.attempt(plate, 'changed', move)) ledger.note(other, 'removed');
          else ledger.note(other, 'unchanged', `it could not be moved to ${plate.group}`);
        }
      } else if (isLike(old, plate)) {
        ledger.note(plate, 'unchanged');
      } else {
        await ledger.attempt(plate, 'changed', () => book.change(old, { ...old, ...plate }, options));
      }
    }
    await addAll(device, book, fresh, ledger, options);
    for (const plate of stale) {
      if (!moved.has(plate)) await ledger.attempt(plate, 'removed', () => book.remove(plate, options));
    }
  });
  return ledger.report;
}

async function addAll(
  device: Device,
  book: PlateBook,
  plates: readonly Plate[],
  ledger: Ledger,
  options: CallOptions,
): Promise<void> {
  const shelf = new Shelf(book, plates.length);
  for (let at = 0; at < plates.length; at += book.portion) {
    const portion = plates.slice(at, at + book.portion);
    let answers: readonly PlateAnswer[];
    try {
      answers = await book.add(portion, options);
    } catch (thrown) {
      const isUnclear = thrown instanceof DeviceError && thrown.mayHaveActed;
      if (!isUnclear) throw thrown;
      for (const plate of portion) ledger.note(plate, 'unknown', thrown.reason);
      answers = await settle(book, portion, thrown, options);
    }
    for (const answer of answers) await settleOne(device, book, shelf, answer, ledger, options);
  }
}

/** The connection broke: the device itself tells which plates are in, if it can be reached again. */
async function settle(
  book: PlateBook,
  portion: readonly Plate[],
  failure: DeviceError,
  options: CallOptions,
): Promise<readonly PlateAnswer[]> {
  const groups = [...new Set(portion.map((plate) => plate.group))];
  const present: Plate[] = [];
  try {
    for (const group of groups) {
      for await (const page of book.pages({ group }, options)) {
        present.push(...page.filter((each) => portion.some((plate) => samePlate(plate, each))));
      }
    }
    const missing = portion.filter((plate) => !present.some((each) => samePlate(plate, each)));
    const answers = portion.filter((plate) => !missing.includes(plate)).map((plate) => ({ plate }));
    return missing.length === 0 ? answers : [...answers, ...(await book.add(missing, options))];
  } catch {
    throw failure;
  }
}

async function settleOne(
  device: Device,
  book: PlateBook,
  shelf: Shelf,
  answer: PlateAnswer,
  ledger: Ledger,
  options: CallOptions,
): Promise<void> {
  const { plate, errorCode } = answer;
  if (errorCode === undefined) {
    if (!book.needsChange(plate)) return ledger.note(plate, 'added');
    // it is in already; without its dates and names it is not what was asked for
    await ledger.attempt(plate, 'added', () => book.change(plate, plate, options));
    return ledger.amend(plate, 'refused', 'it is in, but without its dates and names');
  }
  const alreadyThere = 203;
  if (errorCode !== alreadyThere) return ledger.note(plate, 'refused', answer.reason);
  await ledger.attempt(plate, 'changed', async () => {
    const present = await shelf.find(plate, options);
    if (present === undefined) throw refusal(device, 'AddLicensePlates', answer);
    if (isLike(present, plate)) return 'unchanged';
    await book.change(present, { ...present, ...plate }, options);
    return 'changed';
  });
}

/** Fewer plates are looked for one by one, where the device can; more are found in one list of all. */
const fewPlates = 5;

/** What the device has, read when it is asked for first. */
class Shelf {
  readonly #book: PlateBook;
  readonly #isSmall: boolean;
  #byNumber: Map<string, Plate[]> | undefined;

  constructor(book: PlateBook, plates: number) {
    this.#book = book;
    this.#isSmall = book.family === 'VehiclePlate' && plates <= fewPlates;
  }

  /** In its own group, else wherever the number is. */
  async find(plate: Plate, options: CallOptions): Promise<Plate | undefined> {
    const plates = this.#isSmall ? await this.#ask({ number: plate.number }, options) : await this.#all(options);
    const found = plates.get(plate.number) ?? [];
    return found.find((each) => samePlate(each, plate)) ?? found[0];
  }

  async #all(options: CallOptions): Promise<Map<string, Plate[]>> {
    this.#byNumber ??= await this.#ask({}, options);
    return this.#byNumber;
  }

  async #ask(filter: { readonly number?: string }, options: CallOptions): Promise<Map<string, Plate[]>> {
    const found = new Map<string, Plate[]>();
    for await (const page of this.#book.pages(filter, options)) {
      for (const plate of page) found.set(plate.number, [...(found.get(plate.number) ?? []), plate]);
    }
    return found;
  }
}

function notFound(device: Device, { number }: Plate): DeviceError {
  return new DeviceError('plate-not-found', `no plate ${number}; list the plates of the device`, {
    device: device.label,
    command: 'plates',
    errorCode: 204,
  });
}

/** Whether the device's plate has all that was asked for; what was not named does not count. */
function isLike(present: Plate, wanted: Plate): boolean {
  const isKept = (had: string | undefined, asked: string | undefined): boolean => asked === undefined || asked === had;
  return (
    samePlate(present, wanted) &&
    isKept(present.from, wanted.from) &&
    isKept(present.until, wanted.until) &&
    isKept(present.owner, wanted.owner) &&
    isKept(present.phone, wanted.phone)
  );
}

function keyOf({ number, group }: Plate): string {
  return `${canonical(group)} ${number}`;
}

/** Refusals that say nothing of the other plates. */
const ofOnePlate = new Set([
  'plate-refused',
  'plate-exists',
  'plate-not-found',
  'plate-error',
  'plates-full',
  'group-not-found',
  'group-error',
  'invalid-content',
  'out-of-range',
  'missing-parameters',
  'not-found',
  'over-limit',
]);

/** What became of each plate, in the order in which they were given. */
class Ledger {
  readonly #family: PlateBook['family'];
  readonly #results = new Map<Plate, PlateResult>();

  constructor(family: PlateBook['family'], plates: readonly Plate[]) {
    this.#family = family;
    for (const plate of plates) this.note(plate, 'not-tried');
  }

  note(plate: Plate, outcome: PlateOutcome, reason?: string): void {
    const { number, group } = plate;
    this.#results.set(plate, { number, group, outcome, ...(reason !== undefined && { reason }) });
  }

  /** Says more of an outcome where that is what came out. */
  amend(plate: Plate, outcome: PlateOutcome, what: string): void {
    const found = this.#results.get(plate);
    if (found?.outcome === outcome) this.note(plate, outcome, `${what}: ${found.reason ?? ''}`);
  }

  /** One plate's refusal does not stop the others; a device that is gone does. */
  async attempt(plate: Plate, outcome: PlateOutcome, act: () => Promise<PlateOutcome | void>): Promise<boolean> {
    try {
      this.note(plate, (await act()) ?? outcome);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof DeviceError)) throw thrown;
      const isOver = !ofOnePlate.has(thrown.code);
      this.note(plate, isOver ? (thrown.mayHaveActed ? 'unknown' : 'not-tried') : 'refused', thrown.reason);
      if (isOver) throw thrown;
      return false;
    }
  }

  /** @throws PlatesError with all results so far */
  async guard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      if (thrown instanceof DeviceError) throw new PlatesError(this.report, thrown);
      throw thrown;
    }
  }

  get report(): PlatesReport {
    const plates = [...this.#results.values()];
    const counts: Partial<Record<PlateOutcome, number>> = {};
    for (const { outcome } of plates) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return { family: this.#family, counts, plates };
  }
}

/** `200 added, 100 unknown`. */
export function describeCounts({ counts }: PlatesReport): string {
  return Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}
