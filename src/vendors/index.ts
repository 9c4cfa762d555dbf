/** The registry: one line a vendor. */
import { camio } from './camio';
import { pdk } from './pdk';
import type { PushVendor } from './vendor';
import { viewtron } from './viewtron';

export const pushVendors: readonly PushVendor[] = [viewtron, pdk, camio];
