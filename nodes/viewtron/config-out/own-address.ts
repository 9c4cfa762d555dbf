/** Under which address a device reaches this machine: the one that packets to the device leave from. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { SetupError, toError } from '../../../src/errors';

const anyPort = 9;

/** No packet is sent: the system is asked for the way alone. @throws SetupError `address-unknown` */
export async function findOwnAddress(host: string): Promise<string> {
  try {
    const { address, family } = await lookup(host);
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.connect(anyPort, address, () => resolve());
      });
      return socket.address().address;
    } finally {
      socket.close();
    }
  } catch (thrown) {
    const message = `no way to ${host} (${toError(thrown).message}); give the address of this machine yourself`;
    throw new SetupError('address-unknown', message, { place: 'address', retryable: true });
  }
}
