/** The registry: one line a vendor. */
import type { PushVendor } from './vendor';
import { viewtron } from './viewtron';

export const pushVendors: readonly PushVendor[] = [viewtron];
