import { faults } from '../../simulators/faults';
import { startSite } from '../../simulators/viewtron/site';
import { fromExchange, type PrepareSite } from './site';

/** Cameras and a recorder. */
export const prepareViewtron: PrepareSite = ({ port, onTold }) => {
  let site: ReturnType<typeof startSite> | undefined;
  return Promise.resolve({
    open() {
      site = startSite({
        host: '127.0.0.1',
        port,
        path: '/API',
        ...(onTold && { onExchange: (exchange) => onTold(fromExchange('viewtron', exchange)) }),
      });
    },
    trouble: (random) => site?.setFault(random?.pick(faults)),
    async close() {
      await site?.close();
    },
  });
};
