/** A bare HTTP server that writes down what devices post, to judge fake devices by. */
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Recorded {
  readonly atMs: number;
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** Number of the connection, from 1. */
  readonly connection: number;
}

const success =
  '<?xml version="1.0" encoding="UTF-8"?><config version="1.0" xmlns="http://www.ipc.com/ver10"><status>success</status></config>';

export class RecordingServer {
  readonly posts: Recorded[] = [];
  /** Bodies that never became whole, and bytes that were no HTTP. */
  broken = 0;
  connections = 0;
  readonly #sockets = new Map<Socket, number>();
  readonly #server: http.Server;

  private constructor(now: () => number) {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => (this.broken += 1));
      request.on('end', () => {
        const { method = '', url = '', headers, socket } = request;
        const body = Buffer.concat(chunks);
        const connection = this.#sockets.get(socket) ?? 0;
        this.posts.push({ atMs: now(), method, url, headers, body, text: body.toString('utf8'), connection });
        response.writeHead(200, { 'Content-Type': 'application/xml', 'Content-Length': success.length });
        response.end(success);
      });
    });
    this.#server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.#sockets.set(socket, this.connections);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('clientError', (_error, socket) => {
      this.broken += 1;
      socket.destroy();
    });
  }

  static async start(now: () => number = Date.now, port = 0): Promise<RecordingServer> {
    const server = new RecordingServer(now);
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get address() {
    const { port } = this.#server.address() as AddressInfo;
    return { host: '127.0.0.1', port, path: '/API' } as const;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  find(...marks: readonly string[]): Recorded[] {
    return this.posts.filter(({ text }) => marks.every((mark) => text.includes(mark)));
  }

  /** What an idle timeout does: every socket goes, the server stays. */
  dropSockets(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Waits until the real world has caught up; the test's own timeout ends a wait that is in vain. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
