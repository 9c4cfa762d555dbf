/** Camio's video search, as a vendor of the registry: its cloud calls back, and calls the hooks that users make. */
import type { PushVendor } from '../vendor';
import { answer, receive } from './receive';
import { samples } from './sample';

export const camio: PushVendor = {
  name: 'camio',
  categories: ['health', 'access', 'door', 'alarm', 'object', 'config', 'other'],
  // the method of a callback is set by a person, and may be any
  methods: ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'],
  isMessage: () => true,
  answer,
  receive,
  samples,
};
