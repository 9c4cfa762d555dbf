/** PDK (ProdataKey) access controllers, as a vendor of the registry: its cloud posts their events. */
import type { PushVendor } from '../vendor';
import { answer, receive } from './receive';
import { samples } from './sample';

export const pdk: PushVendor = {
  name: 'pdk',
  categories: ['access', 'door', 'alarm', 'health', 'config', 'other'],
  methods: ['POST'],
  // whatever is not genuine is refused before it could count as one
  isMessage: () => true,
  answer,
  receive,
  samples,
};
