/** A poller against the simulated Camlytics over real sockets, while a test turns the hands of both their clocks. */
import { setImmediate as turn } from 'node:timers/promises';
import { CamlyticsServer, type Behaviour } from '../../simulators/camlytics/server';
import { Database } from '../../simulators/camlytics/database';
import { FakeClock as SimulatorClock } from '../../simulators/fake-clock';
import type { SecurityEventsError } from '../../src/errors';
import { CamlyticsClient, type EventQuery } from '../../src/vendors/camlytics/client';
import { Cursor, type CursorState, type PolledMessage } from '../../src/vendors/camlytics/cursor';
import {
  Poller,
  type Batch,
  type Finding,
  type PollSettings,
  type PollState,
} from '../../src/vendors/camlytics/poller';
import { startMs } from './events';
import { FakeClock } from './fake-clock';

export const standardPoll: PollSettings = { start: 'all', channelId: undefined, pageSize: 100, waitSeconds: 20 };

/** So many turns of the event loop without a change mean that everything rests. */
const restTurns = 4;

export class Rig {
  readonly simulatorClock = new SimulatorClock(startMs);
  readonly clock = new FakeClock(startMs);
  readonly database = new Database(this.simulatorClock);
  readonly messages: PolledMessage[] = [];
  readonly batches: Batch[] = [];
  readonly queries: EventQuery[] = [];
  readonly findings: Finding[] = [];
  readonly errors: SecurityEventsError[] = [];
  readonly states: PollState[] = [];
  caughtUp = 0;
  /** Requests under way at our end, and the most that ever were. */
  inFlight = 0;
  most = 0;
  saved: CursorState | undefined;
  poller!: Poller;
  #client!: CamlyticsClient;

  server!: CamlyticsServer;

  static async start(behaviour: Partial<Behaviour> = {}, settings: Partial<PollSettings> = {}): Promise<Rig> {
    const rig = new Rig();
    const { database, simulatorClock: clock } = rig;
    rig.server = await CamlyticsServer.open({ behaviour, database, clock });
    rig.begin(settings);
    return rig;
  }

  get ids(): readonly number[] {
    return this.messages.map(({ eventId }) => eventId);
  }

  get state(): PollState | undefined {
    return this.states.at(-1);
  }

  /** Starts a poller, behind what the one before has saved. */
  begin(settings: Partial<PollSettings> = {}, saved: CursorState | undefined = this.saved): void {
    const { port } = this.server;
    const address = { scheme: 'http', host: '127.0.0.1', port, basePath: '/v1/json' } as const;
    this.#client = new CamlyticsClient(address, this.clock);
    const cursor = new Cursor('test', saved);
    const source = {
      events: (query: EventQuery, signal: AbortSignal) => {
        this.queries.push(query);
        return this.count(() => this.#client.events(query, signal));
      },
    };
    this.poller = new Poller(
      source,
      { ...standardPoll, ...settings },
      cursor,
      {
        onEvents: async (messages, batch) => {
          this.messages.push(...messages);
          this.batches.push(batch);
        },
        onCaughtUp: () => void this.caughtUp++,
        onMoved: () => {
          this.saved = cursor.state;
        },
        onState: (state) => this.states.push(state),
        onFinding: (finding) => this.findings.push(finding),
        onError: (error) => this.errors.push(error),
      },
      this.clock,
      () => 0.5,
    );
    this.poller.start();
  }

  async count<T>(request: () => Promise<T>): Promise<T> {
    this.inFlight += 1;
    this.most = Math.max(this.most, this.inFlight);
    try {
      return await request();
    } finally {
      this.inFlight -= 1;
    }
  }

  get client(): CamlyticsClient {
    return this.#client;
  }

  /** Resolves when nothing is under way but what waits at the server. */
  async rest(): Promise<void> {
    for (let still = 0; still < restTurns;) {
      const isResting = this.inFlight === this.server.waiting && this.inFlight === this.server.underWay;
      still = isResting ? still + 1 : 0;
      await turn();
    }
  }

  /** Lets time pass at both ends, in steps. */
  async run(ms: number, stepMs = 100): Promise<void> {
    await this.rest();
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.clock.advance(Math.min(stepMs, ms - passed));
      await this.rest();
      await this.simulatorClock.advance(Math.min(stepMs, ms - passed));
      await this.rest();
    }
  }

  /** What the server was asked while time passed. */
  async countRequests(ms: number): Promise<number> {
    const before = this.queries.length;
    await this.run(ms);
    return this.queries.length - before;
  }

  async end(): Promise<void> {
    await this.poller.close();
    await this.#client.close();
  }

  async close(): Promise<void> {
    await this.end();
    await this.server.close();
  }
}
