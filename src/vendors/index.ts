/** The registry: one line a vendor. */
import { camio } from './camio';
import { camlytics } from './camlytics';
import { pdk } from './pdk';
import type { PushVendor } from './vendor';
import { viewtron } from './viewtron';

export const pushVendors: readonly PushVendor[] = [viewtron, pdk, camlytics, camio];
