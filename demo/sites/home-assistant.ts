import { startBroker } from '../broker';
import type { PrepareSite } from './site';

/** The broker of a Home Assistant, without Home Assistant. */
export const prepareHomeAssistant: PrepareSite = async () => {
  const broker = await startBroker();
  return {
    settingsOf: ({ type }) => (type === 'mqtt-broker' ? { broker: '127.0.0.1', port: String(broker.port) } : {}),
    close: () => broker.close(),
  };
};
