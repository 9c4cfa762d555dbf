/** A real MQTT broker on 127.0.0.1, for the demo and the tests. */
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Broker {
  readonly port: number;
  /** It forgets everything with that. */
  close(): Promise<void>;
}

export async function startBroker(port = 0): Promise<Broker> {
  // an ES module, which CommonJS cannot require everywhere
  const { Aedes } = await import('aedes');
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    broker.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => broker.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
