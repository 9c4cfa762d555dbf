/** The API side of a fake camera or recorder: a web server that keeps what it is told, in the manner of its firmware. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { drawScene } from '../../picture';
import { writeConfigs, writeFixed, type ApiIdentity } from './documents';
import { blocksOf, isOutOfRange, pick, pickText, plain, replaceBlock } from './fields';
import { Guard, type GuardOptions } from './guard';
import { PlateStore } from './plate-store';
import { PushSlots } from './push-slots';

export interface DeviceApiOptions extends ApiIdentity {
  readonly guard: GuardOptions;
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** After every accepted `SetHttpPostConfig`. */
  readonly onPushSet?: () => void;
}

/** Each is a switch that may be turned at any time. */
export interface ApiFaults {
  /** So many requests are answered with "system busy". */
  busy: number;
  /** Requests get no answer until the switch is off. */
  isSlow: boolean;
  /** The device dies when it has answered so many more requests; the next one is cut off. */
  diesAfter: number;
  /** The device acts on the request that it dies of. */
  actsBeforeDying: boolean;
  /** Says yes and keeps the old value. */
  isForgetful: boolean;
  /** Commands that this user has no right to. */
  forbidden: ReadonlySet<string>;
}

export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly command: string;
  readonly channel: number | undefined;
  readonly action: string | undefined;
  readonly body: string;
  readonly contentType: string | undefined;
}

const namespace = 'http://www.ipc.com/ver10';
const plateCommands = {
  '1.9': [],
  '2.0': ['AddVehiclePlate', 'GetVehiclePlate', 'DeleteVehiclePlate'],
  '2.1': ['GetLicensePlateGroups', 'AddLicensePlates', 'GetLicensePlates', 'ModifyLicensePlate', 'DeleteLicensePlate'],
} as const;

const ptzActions =
  /^(Up|Down|Left|Right|LeftUp|LeftDown|RightUp|RightDown|ZoomIn|ZoomOut|Near|Far|IrisOpen|IrisClose|Stop)$/;

export class DeviceApi {
  readonly faults: ApiFaults = {
    busy: 0,
    isSlow: false,
    diesAfter: Number.POSITIVE_INFINITY,
    actsBeforeDying: false,
    isForgetful: false,
    forbidden: new Set(),
  };
  readonly guard: Guard;
  readonly plates = new PlateStore();
  readonly push: PushSlots;
  /** All that was asked, with bodies. */
  readonly requests: ApiRequest[] = [];
  /** Outputs by channel. */
  readonly outputs = new Map<number, boolean>();
  readonly virtualAlarms: number[] = [];
  readonly presets = new Map<number, string>([[1, 'gate']]);
  /** The last movement. */
  ptz = 'Stop';
  cruise: number | undefined;
  readonly options: DeviceApiOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #configs = new Map<string, string>();
  readonly #fixed: ReadonlyMap<string, string>;
  readonly #waiting: (() => void)[] = [];
  #port: number;

  constructor(options: DeviceApiOptions) {
    this.options = options;
    this.guard = new Guard(options.guard);
    this.push = new PushSlots(options.manner);
    this.#port = options.port ?? 0;
    const originals = writeConfigs(options);
    for (let channel = 1; channel <= options.channels; channel++) {
      for (const [name, xml] of originals) this.#configs.set(`${name} ${channel}`, xml);
    }
    this.#fixed = writeFixed(options, () => this.#listCommands([...originals.keys()]));
    const take = (request: IncomingMessage, response: ServerResponse): void => void this.#take(request, response);
    this.#server = options.tls === undefined ? createServer(take) : createTlsServer(options.tls, take);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return this.#port;
  }

  /** Listens, after a reboot on the same port as before. */
  async open(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, this.options.host ?? '127.0.0.1', () => {
        this.#server.removeListener('error', reject);
        resolve();
      });
    });
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
    return this;
  }

  /** Without power: every connection breaks, and nobody answers until it is opened again. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    for (const release of this.#waiting.splice(0)) release();
    await closed;
  }

  /** Answers what waits while the device was slow. */
  release(): void {
    this.faults.isSlow = false;
    for (const release of this.#waiting.splice(0)) release();
  }

  /** A configuration as it stands, for tests: `SmartPerimeter`. */
  config(name: string, channel = 1): string {
    return this.#configs.get(`${name} ${channel}`) ?? '';
  }

  /** Another firmware's configuration in its place; none: one that has no such command. */
  replaceConfig(name: string, xml: string | undefined, channel = 1): void {
    if (xml === undefined) this.#configs.delete(`${name} ${channel}`);
    else this.#configs.set(`${name} ${channel}`, xml);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) if (Buffer.isBuffer(part)) parts.push(part);
    } catch {
      return; // the caller has gone
    }
    const body = Buffer.concat(parts).toString();
    const { method = 'GET', url = '/' } = request;
    const [command = '', ...rest] = url
      .slice(1)
      .split('/')
      .map((part) => decodeURIComponent(part));
    const digits = /^\d+$/;
    const isAlarm = command === 'TriggerVirtualAlarm';
    const channel = !isAlarm && digits.test(rest[0] ?? '') ? Number(rest[0]) : undefined;
    const action = channel === undefined ? rest[0] : rest[1];
    const asked = { method, url, command, channel, action, body, contentType: request.headers['content-type'] };
    this.requests.push(asked);
    if (this.faults.isSlow) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (response.destroyed) return;

    const verdict = this.guard.judge(method, url, request.headers.authorization);
    if (verdict === 'locked') return this.#send(response, 401, this.#failure(10));
    if (verdict === 'unknown') {
      response.setHeader('WWW-Authenticate', this.guard.challenge());
      return this.#send(response, 401, '');
    }
    if (this.faults.diesAfter <= 0) {
      if (this.faults.actsBeforeDying) this.#answer(asked);
      request.socket.destroy();
      void this.close();
      return;
    }
    this.faults.diesAfter -= 1;
    if (this.faults.busy > 0) {
      this.faults.busy -= 1;
      return this.#refuse(response, 7);
    }
    if (this.faults.forbidden.has(command)) return this.#refuse(response, 4);
    const answer = this.#answer(asked);
    if (typeof answer === 'number') return this.#refuse(response, answer);
    if (typeof answer === 'string') return this.#send(response, 200, this.#envelope(answer));
    response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Content-Length': answer.length });
    response.end(answer);
  }

  /** Blocks, a picture, or the code of a failure. */
  #answer(asked: ApiRequest): string | number | Buffer {
    const { command, channel = 1, action, body, method } = asked;
    const { manner, channels } = this.options;
    if (channel < 1 || channel > channels) return manner === '1.9' ? 1 : 12;
    if (this.#isPlateCommand(command)) {
      const reply = this.plates.answer(command, body);
      return 'code' in reply ? reply.code : reply.xml;
    }
    const fixed = this.#fixed.get(command);
    if (fixed !== undefined) return fixed;
    switch (command) {
      case 'GetHttpPostConfig':
        return channels > 1 ? 1 : this.push.write();
      case 'SetHttpPostConfig': {
        if (channels > 1) return 1;
        const code = this.push.set(body);
        if (code === 0) this.options.onPushSet?.();
        return code === 0 ? '' : code;
      }
      case 'GetSnapshot':
        return drawScene({
          width: 320,
          height: 180,
          figures: [],
          caption: `${this.options.name} ${channel}`,
          weightBytes: 0,
        }).jpeg;
      case 'GetSnapshotByTime':
        return this.#findSnapshot(body);
      case 'ManualAlarmOut': {
        const status = pickText(pick(body, 'action') ?? '', 'status');
        if (status !== 'true' && status !== 'false') return 15;
        this.outputs.set(channel, status === 'true');
        return '';
      }
      case 'TriggerVirtualAlarm':
        if (channels === 1 || manner === '1.9') return 1;
        if (method !== 'GET' || action === undefined || Number(action) < 17) return 6;
        this.virtualAlarms.push(Number(action));
        return '';
      default:
        return command.startsWith('Ptz') ? this.#movePtz(asked) : this.#configure(asked);
    }
  }

  #configure({ command, channel = 1, body }: ApiRequest): string | number {
    const match = /^(Get|Set)(.+?)(Config)?$/.exec(command);
    const key = `${match?.[2] ?? ''} ${channel}`;
    const document = this.#configs.get(key);
    if (match === null || document === undefined) return 1;
    if (match[1] === 'Get') return document;
    const blocks = blocksOf(body);
    if (blocks.length === 0) return 2;
    let next = document;
    for (const { name, xml } of blocks) {
      if (!document.includes(`<${name}`)) return 3;
      if (isOutOfRange(xml)) return 16;
      next = name === 'time' ? this.#setTime(next, xml) : replaceBlock(next, name, xml);
    }
    if (!this.faults.isForgetful) this.#configs.set(key, next);
    return '';
  }

  #setTime(document: string, xml: string): string {
    let next = document;
    for (const name of ['timeZone', 'type', 'currentTime']) {
      const text = pickText(name === 'type' ? (pick(xml, 'synchronizeInfo') ?? '') : xml, name);
      if (text === undefined) continue;
      const inside = name === 'type' ? text : `<![CDATA[${text}]]>`;
      next = next.replace(new RegExp(`(<${name}(?:\\s[^>]*)?>)[\\s\\S]*?(</${name}>)`), `$1${inside}$2`);
    }
    return next;
  }

  #findSnapshot(body: string): string | number | Buffer {
    const time = plain(pick(pick(body, 'search') ?? '', 'time') ?? '');
    if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time)) return 15;
    const { jpeg: bytes } = drawScene({ width: 160, height: 90, figures: [], caption: time, weightBytes: 0 });
    if (this.options.manner === '1.9') return bytes;
    return `<downloadOneImage><sourceBase64Data><![CDATA[${bytes.toString('base64')}]]></sourceBase64Data></downloadOneImage>`;
  }

  #movePtz({ command, action = '', body }: ApiRequest): string | number {
    const id = Number(pickText(body, 'id'));
    switch (command) {
      case 'PtzControl':
        if (!ptzActions.test(action)) return 14;
        if (!body.includes('<actionInfo') || pickText(body, 'speed') === undefined) return 15;
        this.ptz = action;
        return '';
      case 'PtzGetPresets':
        return `<presetInfo type="list" maxCount="255">${[...this.presets].map(([number, name]) => `<item id="${number}"><![CDATA[${name}]]></item>`).join('')}</presetInfo>`;
      case 'PtzAddPreset':
        this.presets.set(Math.max(0, ...this.presets.keys()) + 1, pickText(body, 'name') ?? '');
        return '';
      case 'PtzGotoPreset':
        if (!this.presets.has(id)) return 16;
        this.ptz = `preset ${id}`;
        return '';
      case 'PtzDeletePreset':
        return this.presets.delete(id) ? '' : 16;
      case 'PtzRunCruise':
        this.cruise = id;
        return '';
      case 'PtzStopCruise':
        this.cruise = undefined;
        return '';
      default:
        return 1;
    }
  }

  #isPlateCommand(command: string): boolean {
    const known: readonly string[] = plateCommands[this.options.manner];
    return known.includes(command);
  }

  #listCommands(configs: readonly string[]): readonly string[] {
    const own = ['GetDeviceInfo', 'GetSnapshot', 'ManualAlarmOut', 'GetHttpPostConfig', 'SetHttpPostConfig'];
    return [
      ...own,
      ...configs.flatMap((name) => [`Get${name}Config`, `Set${name}Config`]),
      ...plateCommands[this.options.manner],
    ];
  }

  #envelope(xml: string): string {
    const version = { '1.9': '1.0', '2.0': '2.0.0', '2.1': '2.1.0' }[this.options.manner];
    if (xml !== '')
      return `<?xml version="1.0" encoding="UTF-8"?>\n<config version="${version}" xmlns="${namespace}">${xml}\n</config>\n`;
    if (this.options.manner === '1.9') return '<?xml version="1.0" encoding="UTF-8"?>\n<config status="success"/>\n';
    return `<?xml version="1.0" encoding="UTF-8"?>\n<config version="${version}" xmlns="${namespace}" status="success" errorCode="0" errorDesc="Successful"/>\n`;
  }

  /** v1.9 gives no words; v2.1 answers what it does not know with nothing at all (reference 7.3). */
  #refuse(response: ServerResponse, code: number): void {
    const isUnknown = code === 1;
    if (this.options.manner === '2.1' && isUnknown) this.#send(response, 400, '');
    else this.#send(response, 200, this.#failure(code));
  }

  #failure(code: number): string {
    const words =
      this.options.manner === '1.9' ? '' : ` errorDesc="${code === 1 ? 'Invalid Request' : `Error ${code}`}"`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<config status="failed" errorCode="${code}"${words}/>\n`;
  }

  #send(response: ServerResponse, status: number, body: string): void {
    response.writeHead(status, {
      'Content-Type': 'application/xml; charset="UTF-8"',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  }
}
