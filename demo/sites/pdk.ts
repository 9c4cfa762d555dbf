import { randomBytes } from 'node:crypto';
import { PdkCloud } from '../../simulators/pdk/cloud';
import { cloudFaults, standardClient } from '../../simulators/pdk/cloud-options';
import { deliver, deliveryFaults, type DeliveryFault } from '../../simulators/pdk/sender';
import { fromExchange, type Credentials, type PrepareSite } from './site';

/** Whose doors they are; the examples name its people. */
const company = {
  id: '57e50e4840ce4f00017df412',
  name: 'Example Company',
  panels: [{ id: '1070000', name: 'Main building' }],
};

/** A cloud with doors. The subscription that an example makes there is the only way in for its events. */
export const preparePdk: PrepareSite = async ({ nodes, port, onTold }) => {
  const publicUrl = nodes.find(({ type }) => type === 'pdk-hook-manager')?.publicUrl ?? '';
  const reach = (url: string): string => url.replace(publicUrl, `http://127.0.0.1:${port}`);
  let fault: DeliveryFault | undefined;
  const cloud = await PdkCloud.start({
    organizations: [company],
    reach,
    deliver: (message, to, options) =>
      deliver(message, to, {
        ...options,
        fault,
        ...(onTold && { onExchange: (exchange) => onTold(fromExchange('pdk', exchange)) }),
      }),
  });
  // nobody needs to know it but the nodes, and the cloud that they tell it to
  const secret = randomBytes(24).toString('base64url');
  const { id: clientId, secret: clientSecret } = standardClient;
  const credentials: Readonly<Record<string, Credentials>> = {
    'pdk-account': { clientId, clientSecret },
    'pdk-webhook-in': { secret },
  };
  return {
    settingsOf: ({ type }) => (type === 'pdk-account' ? { baseUrl: cloud.url } : {}),
    credentialsOf: ({ type }) => credentials[type],
    open: () => cloud.openDoors(company.panels[0]?.id ?? '', company.id),
    trouble(random) {
      fault = random?.pick(deliveryFaults);
      cloud.recover();
      if (random !== undefined) cloud.fail('any', random.pick(cloudFaults), random.between(1, 3));
    },
    close: () => cloud.close(),
  };
};
