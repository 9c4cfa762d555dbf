/** What nodes say of others that they name while those are being deployed anew. */
import type { NodeAPI } from 'node-red';
import should from 'should';
import { findListener } from '../../nodes/listener/listener-node';
import { findAccount as findCamioAccount } from '../../nodes/camio/account-node';
import { findServer } from '../../nodes/camlytics/server-node';
import { findAccount } from '../../nodes/pdk/account-node';
import { findWebhookIn } from '../../nodes/pdk/webhook-node';
import { findDevice } from '../../nodes/viewtron/device-node';
import { findReceiver } from '../../nodes/viewtron/receiver-node';

describe('a node that another one names', () => {
  // Node-RED has null for one that it does not know, and undefined for one that it is about to start
  for (const found of [null, undefined]) {
    const RED: unknown = { nodes: { getNode: () => found } };

    it(`is missing where Node-RED has ${String(found)} for it`, () => {
      should(() => findWebhookIn(RED as NodeAPI, 'x')).throw({ code: 'webhook-missing', retryable: true });
      should(() => findListener(RED as NodeAPI, 'x')).throw({ code: 'listener-missing' });
      should(() => findAccount(RED as NodeAPI, 'x')).throw({ code: 'account-missing' });
      should(() => findCamioAccount(RED as NodeAPI, 'x')).throw({ code: 'account-missing' });
      should(() => findServer(RED as NodeAPI, 'x')).throw({ code: 'server-missing' });
      should(() => findDevice(RED as NodeAPI, 'x')).throw({ code: 'device-missing' });
      should(() => findReceiver(RED as NodeAPI, 'x')).throw({ code: 'receiver-missing' });
    });
  }
});
