/** Camlytics video analytics, as a vendor of the registry: its webhooks. Its REST API is asked by `poller.ts`. */
import type { PushVendor } from '../vendor';
import { answer, isMessage, receive } from './receive';
import { samples } from './sample';

export const camlytics: PushVendor = {
  name: 'camlytics',
  categories: ['intrusion', 'object', 'motion', 'tamper', 'other'],
  methods: ['GET', 'POST'],
  isMessage,
  answer,
  receive,
  samples,
};
