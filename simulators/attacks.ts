/** Clients that mean no good, or cannot do better: each opens its connections, keeps at it, and stops when it is told to. */
import { connect, type Socket } from 'node:net';

export interface Attack {
  readonly name: string;
  /** Starts it against a port of this machine; resolves with its end when it is under way. */
  start(port: number): Promise<() => void>;
}

/** Opens so many connections; resolves when all are open. */
async function openAll(port: number, count: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () =>
    connect({ port, host: '127.0.0.1' }).on('error', () => undefined),
  );
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  return sockets;
}

function attack(
  name: string,
  count: number,
  begin: (socket: Socket, port: number) => (() => void) | undefined,
): Attack {
  return {
    name,
    async start(port) {
      const sockets = await openAll(port, count);
      const ends = sockets.map((socket) => begin(socket, port));
      return () => {
        for (const end of ends) end?.();
        for (const socket of sockets) socket.destroy();
      };
    },
  };
}

const everyMs = 100;

/** Writes again and again while the connection lasts. */
function keepWriting(socket: Socket, bytes: () => string | Buffer): () => void {
  const timer = setInterval(() => {
    if (socket.writable && socket.writableLength < 1_000_000) socket.write(bytes());
  }, everyMs);
  return () => clearInterval(timer);
}

const head = (length: number): string => `POST /API HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${length}\r\n\r\n`;

/** @param bodyLimitBytes what the listener takes at most */
export function writeAttacks(bodyLimitBytes: number): readonly Attack[] {
  const tooMuch = Buffer.concat([Buffer.from(head(bodyLimitBytes + 1)), Buffer.alloc(bodyLimitBytes + 1, 'x')]);
  return [
    attack('slowloris, 200 heads without end', 200, (socket) => {
      socket.write('POST /API HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
      return keepWriting(socket, () => 'x');
    }),
    attack('1,000 idle connections', 1000, () => undefined),
    attack('500 half-open bodies', 500, (socket) => {
      socket.write(head(1_000_000) + 'x'.repeat(1000));
      return undefined;
    }),
    attack('20 senders of one byte too much', 20, (socket, port) => {
      let current = socket;
      const again = (): void => {
        current = connect({ port, host: '127.0.0.1' }).on('error', () => undefined);
        begin();
      };
      let isOver = false;
      const begin = (): void => {
        current.write(tooMuch);
        current.resume().once('close', () => {
          if (!isOver) setTimeout(again, everyMs);
        });
      };
      begin();
      return () => {
        isOver = true;
        current.destroy();
      };
    }),
    attack('20 senders that read no answer', 20, (socket) => {
      socket.pause();
      const many = head(0).repeat(10);
      return keepWriting(socket, () => many);
    }),
  ];
}
