/** The channels of one Camlytics, asked for when a name is missing: most versions leave it out of their events. */
import type { Clock } from '../../clock';
import { toError } from '../../errors';
import type { Channel } from './wire';

/** An id that nobody knows is not asked for with each of its events; a channel that was renamed is noticed. */
const retryMs = 60_000;
const refreshMs = 5 * 60_000;

export class ChannelNames {
  #channels: ReadonlyMap<string, Channel> = new Map();
  #askedMs = -Infinity;

  constructor(
    private readonly ask: (signal: AbortSignal) => Promise<readonly Channel[]>,
    private readonly clock: Clock,
  ) {}

  readonly nameOf = (id: string): string | undefined => this.#channels.get(id)?.name;

  get all(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** Two channels may have one name: then it is nobody's. */
  idOf(nameOrId: string): string | undefined {
    if (this.#channels.has(nameOrId)) return nameOrId;
    const lower = nameOrId.trim().toLowerCase();
    const [found, another] = this.all.filter(({ name }) => name.toLowerCase() === lower);
    return another === undefined ? found?.id : undefined;
  }

  /** What was learned may be old: after a restart of Camlytics. */
  expire(): void {
    this.#askedMs = -Infinity;
  }

  /** Asks anew where one of the ids is unknown or the names are old. An event without its name is better than none. */
  async need(ids: readonly string[], signal: AbortSignal): Promise<Error | undefined> {
    const age = this.clock.now() - this.#askedMs;
    const isKnown = ids.every((id) => this.#channels.has(id));
    if (age < (isKnown ? refreshMs : retryMs)) return undefined;
    try {
      await this.load(signal);
      return undefined;
    } catch (thrown) {
      return toError(thrown);
    }
  }

  async load(signal: AbortSignal): Promise<readonly Channel[]> {
    this.#askedMs = this.clock.now();
    const channels = await this.ask(signal);
    this.#channels = new Map(channels.map((channel) => [channel.id, channel]));
    return channels;
  }
}
