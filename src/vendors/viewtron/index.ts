/** Viewtron (TVT OEM) cameras and recorders, as a vendor of the registry. */
import type { PushVendor } from '../vendor';
import { answer, receive } from './receive';
import { samples } from './sample';

export const viewtron: PushVendor = {
  name: 'viewtron',
  categories: [
    'plate',
    'face',
    'intrusion',
    'counting',
    'object',
    'track',
    'motion',
    'tamper',
    'alarm',
    'health',
    'heartbeat',
    'other',
  ],
  // posts are POST; what a recorder's Test button sends is not documented (reference 1.5), and people look with a browser
  methods: ['POST', 'PUT', 'GET', 'HEAD'],
  isMessage: ({ method, body }) => body.length > 0 || method === 'POST' || method === 'PUT',
  answer,
  receive,
  samples,
};
