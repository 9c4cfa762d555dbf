import { startSite } from '../../simulators/viewtron/site';
import type { PrepareSite } from './site';

/** Cameras and a recorder. */
export const prepareViewtron: PrepareSite = ({ port }) => {
  let site: ReturnType<typeof startSite> | undefined;
  return Promise.resolve({
    open() {
      site = startSite({ host: '127.0.0.1', port, path: '/API' });
    },
    async close() {
      await site?.close();
    },
  });
};
