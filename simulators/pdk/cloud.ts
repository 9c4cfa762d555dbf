/**
 * A fake of PDK's cloud: login, organizations, subscriptions, and signed events to the addresses that it was told. Written
 * from the protocol; it counts what it is asked, and faults are its switches.
 */
import { once, setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { systemClock, type Clock } from '../clock';
import {
  actsFirst,
  standardClient,
  standardOrganizations,
  type CloudFault,
  type CloudOperation,
  type CloudOptions,
  type CloudOrganization,
} from './cloud-options';
import { expire, findFault, membersOf, showHook, type StoredHook } from './cloud-store';
import { startPeople, type People } from './people';
import { deliver, signatureHeaders, type DeliveryOptions, type Message } from './sender';

export interface CloudRequest {
  readonly operation: CloudOperation | 'unknown';
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

interface Plan {
  readonly on: CloudOperation | 'any';
  readonly fault: CloudFault;
  left: number;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const retryAfterSeconds = 7;

export class PdkCloud {
  readonly url: string;
  readonly requests: CloudRequest[] = [];
  readonly hooks: StoredHook[] = [];
  /** Answers of those whom it told of events. */
  readonly deliveries: { readonly url: string; readonly topic: string; readonly status: number }[] = [];
  readonly #server: Server;
  readonly #options: CloudOptions;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, number>();
  readonly #plans: Plan[] = [];
  readonly #surprises: { readonly on: CloudOperation; readonly action: () => void }[] = [];
  readonly #people: People[] = [];
  readonly #ended = new AbortController();
  readonly #waiters = new Set<() => void>();
  #link: string | undefined;
  #window = { second: 0, all: 0, writes: 0 };
  #made = 0;

  private constructor(server: Server, url: string, options: CloudOptions) {
    this.#server = server;
    this.url = url;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    // one listener for each delivery under way
    setMaxListeners(0, this.#ended.signal);
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  static async start(options: CloudOptions = {}): Promise<PdkCloud> {
    const server = createServer({ keepAliveTimeout: 30_000 });
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the fake cloud has no port');
    return new PdkCloud(server, `http://127.0.0.1:${address.port}`, options);
  }

  get organizations(): readonly CloudOrganization[] {
    return this.#options.organizations ?? standardOrganizations;
  }

  /** The next requests of that kind go wrong so. */
  fail(on: CloudOperation | 'any', fault: CloudFault, times = 1): this {
    this.#plans.push({ on, fault, left: times });
    return this;
  }

  /** All goes well from now on. */
  recover(): void {
    this.#plans.length = 0;
  }

  /** Something happens just before the next request of that kind is carried out. */
  surprise(on: CloudOperation, action: () => void): this {
    this.#surprises.push({ on, action });
    return this;
  }

  /** What every list says of its next page from now on, whatever there is. */
  linkTo(link: string): void {
    this.#link = link;
  }

  /** Every token that is out is refused from now on. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  count(operation: CloudOperation): number {
    return this.requests.filter((request) => request.operation === operation).length;
  }

  /** Resolves when so many requests of that kind have come in. */
  async arrived(operation: CloudOperation, times: number): Promise<void> {
    while (this.count(operation) < times) {
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  /** A subscription that somebody else has made. */
  plant(organization: string, fields: Readonly<Record<string, unknown>>): StoredHook {
    const standard = { authentication: { type: 'None' }, sslVerification: true, secrecyLevel: 1 };
    const hook: StoredHook = {
      id: this.#makeId(),
      organization,
      fields: { ...standard, ...fields },
      active: fields.active !== false,
      odometer: 0,
    };
    this.hooks.push(hook);
    return hook;
  }

  /** Somebody else deletes it. */
  uproot(id: string): void {
    const index = this.hooks.findIndex((hook) => hook.id === id);
    if (index >= 0) this.hooks.splice(index, 1);
  }

  /** Tells all subscriptions whose scope and topics it is of. @param source a panel's id, or an organization's */
  async emit(source: string, message: Message, options: DeliveryOptions = {}): Promise<void> {
    const at = this.organizations.find(
      ({ id, panels = [] }) => id === source || panels.some((panel) => panel.id === source),
    );
    if (at === undefined) throw new Error(`the fake cloud knows no ${source}`);
    const { topic } = message;
    const told = this.hooks.filter((hook) => {
      expire(hook, this.#clock.now());
      return hook.active && topicsOf(hook).includes(topic) && this.#reaches(hook, at, source);
    });
    const { reach = (url: string) => url, deliver: send = deliver } = this.#options;
    await Promise.all(
      told.map(async (hook) => {
        hook.odometer += 1;
        const { url, secret, authentication } = hook.fields;
        const { type, user, password } = membersOf(authentication);
        const subscriber = {
          url: reach(String(url)),
          secret: typeof secret === 'string' ? secret : undefined,
          basic: type === 'Basic' ? { user: String(user), password: String(password) } : undefined,
        };
        const delivery = await send(message, subscriber, { clock: this.#clock, ...options });
        this.deliveries.push({ url: String(url), topic, status: delivery?.status ?? 0 });
      }),
    );
  }

  /** From now on people walk through the doors of a panel; one event is told after another. */
  openDoors(panelId: string, organizationId: string): void {
    const { seed = 1 } = this.#options;
    let last = Promise.resolve();
    let turn = 0;
    const tell = (message: Message): Promise<void> => {
      const isOfPanel = 'panelId' in message;
      // both spellings of the header, in turns
      const header = signatureHeaders[turn++ % 2] ?? signatureHeaders[0];
      return this.emit(isOfPanel ? panelId : organizationId, message, { header, signal: this.#ended.signal });
    };
    const people = startPeople({
      clock: this.#clock,
      seed,
      panelId,
      organizationId,
      onMessage: (message) => {
        last = last.then(() => tell(message));
      },
    });
    this.#people.push(people);
  }

  async close(): Promise<void> {
    this.#ended.abort(new Error('The cloud was closed.'));
    await Promise.all(this.#people.splice(0).map((people) => people.close()));
    this.#server.closeAllConnections();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #reaches(
    { organization, fields }: Pick<StoredHook, 'organization' | 'fields'>,
    at: CloudOrganization,
    source: string,
  ): boolean {
    const { scope } = fields;
    if (Array.isArray(scope)) return organization === at.id && scope.includes(source);
    if (organization === at.id) return true;
    const above = this.organizations.find(({ id }) => id === at.parent);
    return scope === 'ouRecursive' && above !== undefined && this.#reaches({ organization, fields }, above, '');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    try {
      for await (const part of request) text += String(part);
    } catch {
      return;
    }
    const { method = 'GET', url = '/' } = request;
    const path = url.replace(/\?.*$/s, '');
    const operation = findOperation(method, path);
    this.requests.push({ operation, method, path: url, body: text });
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
    const plan = this.#plans.find(({ on, left }) => left > 0 && (on === operation || on === 'any'));
    if (plan !== undefined) plan.left -= 1;
    const surprise = this.#surprises.findIndex(({ on }) => on === operation);
    if (surprise >= 0) for (const { action } of this.#surprises.splice(surprise, 1)) action();
    const carryOut = (): Answer => this.#limit(operation) ?? this.#answer(operation, request, text);
    if (plan === undefined) return this.#send(response, carryOut());
    if (actsFirst.has(plan.fault)) carryOut();
    this.#misbehave(plan.fault, response, text);
  }

  #answer(operation: CloudOperation | 'unknown', request: IncomingMessage, text: string): Answer {
    if (operation === 'token') return this.#login(request.headers.authorization ?? '', text);
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!((this.#tokens.get(token) ?? 0) > this.#clock.now())) {
      return { status: 401, body: { message: 'Unauthorized' } };
    }
    const url = new URL(request.url ?? '/', this.url);
    const [, , , organizationId = '', , hookId = ''] = url.pathname.split('/').map(decodeURIComponent);
    const organization = this.organizations.find(({ id, parent }) =>
      organizationId === 'mine' ? !parent : id === organizationId,
    );
    if (organization === undefined || operation === 'unknown') return { status: 404, body: { message: 'not found' } };
    for (const hook of this.hooks) expire(hook, this.#clock.now());
    if (operation === 'organization') return { status: 200, body: this.#showOrganization(organization) };
    const own = this.hooks.filter((hook) => hook.organization === organization.id);
    if (operation === 'list') return this.#list(own, url);
    if (operation === 'create') return this.#create(organization.id, text);
    const hook = own.find(({ id }) => id === hookId);
    if (hook === undefined) return { status: 404, body: { message: 'The subscription does not exist.' } };
    if (operation === 'get') return { status: 200, body: showHook(hook, this.#options.secrets ?? 'clear') };
    if (operation === 'update') return this.#update(hook, text);
    this.uproot(hook.id);
    return { status: 204 };
  }

  #login(authorization: string, text: string): Answer {
    const known = (this.#options.clients ?? [standardClient]).map(
      ({ id, secret }) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
    );
    if (!known.includes(authorization) || text !== 'grant_type=client_credentials') {
      return { status: 401, body: { error: 'invalid_client', error_description: 'Client authentication failed' } };
    }
    const seconds = this.#options.tokenSeconds ?? 300;
    const token = `id-token-${this.#makeId()}`;
    this.#tokens.set(token, this.#clock.now() + seconds * 1000);
    const body = { token_type: 'Bearer', access_token: 'of-no-use', id_token: token, expires_in: seconds };
    return { status: 200, body };
  }

  #list(own: readonly StoredHook[], url: URL): Answer {
    const shown = own.map((hook) => showHook(hook, this.#options.secrets ?? 'clear'));
    const { pageSize } = this.#options;
    if (this.#link !== undefined) return { status: 200, body: shown, headers: { Link: this.#link } };
    if (pageSize === undefined) return { status: 200, body: shown };
    const page = Number(url.searchParams.get('page') ?? 0);
    const base = `${this.#options.nextPageAt ?? this.url}${url.pathname}?per_page=${pageSize}`;
    const isLast = (page + 1) * pageSize >= shown.length;
    const links = [`<${base}&page=0>; rel="first"`, ...(isLast ? [] : [`<${base}&page=${page + 1}>; rel="next"`])];
    const headers = { 'X-Total-Count': String(shown.length), Link: links.join(', ') };
    return { status: 200, body: shown.slice(page * pageSize, (page + 1) * pageSize), headers };
  }

  #create(organization: string, text: string): Answer {
    const body: unknown = JSON.parse(text);
    const fault = findFault(body, false, this.#clock.now());
    if (fault !== undefined) return { status: 400, body: { message: fault } };
    const { id } = this.plant(organization, membersOf(body));
    return { status: 201, body: { id } };
  }

  #update(hook: StoredHook, text: string): Answer {
    const body = membersOf(JSON.parse(text));
    const fault = findFault(body, true, this.#clock.now());
    if (fault !== undefined) return { status: 400, body: { message: fault } };
    const { secret, expiresAt } = hook.fields;
    hook.fields = this.#options.keepsOmitted ? { secret, expiresAt, ...body } : body;
    hook.active = body.active === true;
    return { status: 204 };
  }

  #showOrganization({ id, name, parent, panels = [] }: CloudOrganization): object {
    const children = this.organizations
      .filter((each) => each.parent === id)
      .map((each) => ({ id: each.id, name: each.name }));
    const registeredDate = '2031-01-01T08:00:00.000Z';
    return {
      id,
      name,
      ...(parent !== undefined && { parent, ancestors: [parent] }),
      children,
      panels: panels.map((panel) => ({
        online: true,
        ...panel,
        uri: `https://panel-${panel.id}.pdk.io/`,
        registeredDate,
      })),
    };
  }

  #limit(operation: CloudOperation | 'unknown'): Answer | undefined {
    const { limits } = this.#options;
    if (limits === undefined) return undefined;
    const second = Math.floor(this.#clock.now() / 1000);
    if (this.#window.second !== second) this.#window = { second, all: 0, writes: 0 };
    this.#window.all += 1;
    if (['create', 'update', 'delete'].includes(operation)) this.#window.writes += 1;
    const isOver = this.#window.all > limits.all || this.#window.writes > limits.writes;
    return isOver
      ? { status: 429, body: { message: 'Too Many Requests' }, headers: this.#rateHeaders(0, 1) }
      : undefined;
  }

  #rateHeaders(remaining: number, seconds: number): Record<string, string> {
    const nowSeconds = Math.floor(this.#clock.now() / 1000);
    return {
      'X-RateLimit-Limit': String(this.#options.limits?.all ?? 35),
      'X-RateLimit-Remaining': String(remaining),
      'X-RateLimit-Reset': String(nowSeconds + seconds),
    };
  }

  #misbehave(fault: CloudFault, response: ServerResponse, sent: string): void {
    const after = retryAfterSeconds * 1000;
    switch (fault) {
      case 'unauthorized':
        return this.#send(response, { status: 401, body: { message: 'Unauthorized' } });
      case 'forbidden':
        return this.#send(response, {
          status: 403,
          body: { message: 'must have direct access to the specified organization' },
        });
      case 'not-found':
        return this.#send(response, { status: 404, body: { message: 'not found' } });
      case 'refused':
        return this.#send(response, { status: 400, body: { message: `invalid: ${sent}` } });
      case 'rate-limited':
        return this.#send(response, { status: 429, body: {}, headers: this.#rateHeaders(0, retryAfterSeconds) });
      case 'retry-after':
        return this.#send(response, { status: 429, headers: { 'Retry-After': String(retryAfterSeconds) } });
      case 'retry-after-date': {
        const date = new Date(this.#clock.now() + after).toUTCString();
        return this.#send(response, { status: 429, headers: { 'Retry-After': date } });
      }
      case 'html-error':
      case 'error-after':
        response.writeHead(502, { 'Content-Type': 'text/html' });
        response.end('<html><head><style>h1{}</style></head><body><h1>502 Bad Gateway</h1></body></html>');
        return;
      case 'empty-error':
        return this.#send(response, { status: 503 });
      case 'hang':
      case 'hang-after':
        return;
      case 'cut':
      case 'lost-answer':
        response.socket?.destroy();
        return;
      case 'nonsense':
        response.writeHead(200, { 'Content-Type': 'text/html' });
        response.end('<html><body>Welcome to the hotel</body></html>');
        return;
      case 'redirect':
        return this.#send(response, { status: 302, headers: { Location: 'https://elsewhere.example.com/' } });
    }
  }

  #send(response: ServerResponse, { status, body, headers }: Answer): void {
    response.sendDate = false;
    response.writeHead(status, {
      Date: new Date(this.#clock.now()).toUTCString(),
      ...this.#rateHeaders(30, 1),
      ...headers,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  #makeId(): string {
    this.#made += 1;
    return `64a0${this.#made.toString(16).padStart(20, '0')}`;
  }
}

function findOperation(method: string, path: string): CloudOperation | 'unknown' {
  if (method === 'POST' && path === '/oauth2/token') return 'token';
  if (method === 'GET' && /^\/api\/ous\/[^/]+$/.test(path)) return 'organization';
  if (/^\/api\/ous\/[^/]+\/hooks$/.test(path))
    return method === 'GET' ? 'list' : method === 'POST' ? 'create' : 'unknown';
  if (!/^\/api\/ous\/[^/]+\/hooks\/[^/]+$/.test(path)) return 'unknown';
  const operations = { GET: 'get', PUT: 'update', DELETE: 'delete' } as const;
  return method === 'GET' || method === 'PUT' || method === 'DELETE' ? operations[method] : 'unknown';
}

function topicsOf({ fields }: StoredHook): readonly unknown[] {
  return Array.isArray(fields.events) ? fields.events : [];
}
