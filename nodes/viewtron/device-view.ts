/** What a dialog draws on: the device's picture of now, and the zones and lines that it has for its own alarms. */
import { takeSnapshot } from '../../src/vendors/viewtron/device/act';
import { readAreas } from '../../src/vendors/viewtron/device/areas';
import { toPicture } from '../preview/picture';
import { askDevice } from './device-test';

/** @param fields those of the device, and `want`: `picture` or `areas` */
export async function viewDevice(
  fields: Readonly<Record<string, unknown>>,
  credentials: Readonly<Record<string, unknown>>,
): Promise<object> {
  return askDevice(fields, credentials, async (device, { channel }) => {
    if (fields.want === 'areas') return { areas: await readAreas(device, { channel }) };
    const picture = toPicture((await takeSnapshot(device, { channel })).data);
    if (picture === undefined) throw new Error('the device answered, but not with a JPEG or PNG picture');
    return { picture: `data:${picture.type};base64,${picture.bytes.toString('base64')}` };
  });
}
