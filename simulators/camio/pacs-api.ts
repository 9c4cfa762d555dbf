/** Camio's interface for access control systems: takes doors and events, as strict as it is known, with faults as switches. */
import http from 'node:http';
import type { Socket } from 'node:net';

export const apiFaults = ['server-error', 'too-many', 'reset', 'silent', 'refuse', 'page', 'huge', 'moved'] as const;

/**
 * `too-many`: 429 with a time to wait. `reset`: the connection breaks after the post. `silent`: no answer. `page`: 200 with
 * a page for people. `huge`: an answer without an end.
 */
export type ApiFault = (typeof apiFaults)[number];

export interface ApiOptions {
  readonly token: string;
  /** `GET /devices` is in an older article of the vendor only. */
  readonly lists?: boolean;
  readonly port?: number;
}

export interface TakenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
}

type Json = Readonly<Record<string, unknown>>;

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export class PacsApi {
  /** As last posted. */
  devices: readonly Json[] = [];
  readonly events: Json[] = [];
  readonly requests: TakenRequest[] = [];
  readonly #options: ApiOptions;
  readonly #faults: ApiFault[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server: http.Server;
  #onRequest: () => void = () => undefined;
  /** For every request, until it is taken away. */
  fault: ApiFault | undefined;

  private constructor(options: ApiOptions) {
    this.#options = options;
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => this.#take(request, response, Buffer.concat(chunks).toString('utf8')));
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(options: ApiOptions): Promise<PacsApi> {
    const api = new PacsApi(options);
    await new Promise<void>((resolve) => api.#server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The interface was closed.');
    return `http://127.0.0.1:${address.port}/pacs`;
  }

  /** The next requests go wrong in these ways, in this order. */
  failNext(...faults: readonly ApiFault[]): void {
    this.#faults.push(...faults);
  }

  /** Resolves when so many requests have come. */
  async until(count: number): Promise<void> {
    while (this.requests.length < count) {
      await new Promise<void>((resolve) => {
        this.#onRequest = resolve;
      });
    }
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #take(request: http.IncomingMessage, response: http.ServerResponse, text: string): void {
    const { method = '', url = '', headers } = request;
    const body = parse(text);
    const fault = this.#faults.shift() ?? this.fault;
    const [status, answer] =
      fault === undefined ? this.#judge(method, url, headers, body) : [statuses[fault] ?? 200, ''];
    this.requests.push({ method, path: url, status, headers, body });
    if (fault === 'reset') response.destroy();
    else if (fault === 'huge') spill(response);
    else if (fault !== 'silent') {
      response.writeHead(status, fault && headersOf[fault]);
      response.end(fault === 'page' ? '<html><body>Sign in</body></html>' : answer);
    }
    this.#onRequest();
  }

  #judge(method: string, url: string, headers: http.IncomingHttpHeaders, body: unknown): readonly [number, string] {
    const { token, lists = true } = this.#options;
    if (headers.authorization !== `Bearer ${token}`) return [401, '{"error":"invalid token"}'];
    if (url === '/pacs/devices' && method === 'GET' && lists) return [200, JSON.stringify({ devices: this.devices })];
    if (method !== 'POST' || (url !== '/pacs/devices' && url !== '/pacs/webhooks')) return [404, ''];
    // a string is what comes of encoding twice, as the vendor's sample script does
    if (!isJson(body)) return [400, '{"error":"an object is expected"}'];
    return url === '/pacs/devices' ? this.#takeDevices(body) : this.#takeEvents(body);
  }

  #takeDevices(body: Json): readonly [number, string] {
    const list = body.devices ?? body.readers;
    if (!Array.isArray(list) || !list.every((each) => isJson(each) && typeof each.device_id === 'string')) {
      return [422, '{"error":"devices: each needs a device_id"}'];
    }
    this.devices = list;
    return [204, ''];
  }

  #takeEvents(body: Json): readonly [number, string] {
    const list: unknown = body.events ?? (body.event === undefined ? undefined : [body.event]);
    if (!Array.isArray(list) || list.length === 0) return [422, '{"error":"events: none"}'];
    const isRight = (event: unknown): event is Json =>
      isJson(event) &&
      typeof event.device_id === 'string' &&
      'timestamp' in event &&
      !JSON.stringify(event).includes('null');
    if (!list.every(isRight)) return [422, '{"error":"events: device_id and timestamp are required, and no nulls"}'];
    this.events.push(...list);
    return [200, ''];
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const statuses: Readonly<Partial<Record<ApiFault, number>>> = {
  'server-error': 503,
  'too-many': 429,
  refuse: 422,
  moved: 302,
};

const headersOf: Readonly<Partial<Record<ApiFault, Readonly<Record<string, string>>>>> = {
  page: { 'Content-Type': 'text/html' },
  'too-many': { 'Retry-After': '7' },
  moved: { Location: '/' },
};

/** Writes as long as anybody reads. */
function spill(response: http.ServerResponse): void {
  const block = Buffer.alloc(256 * 1024, 'x');
  const pour = (): void => {
    while (!response.destroyed && response.write(block));
    if (!response.destroyed) response.once('drain', pour);
  };
  pour();
}
