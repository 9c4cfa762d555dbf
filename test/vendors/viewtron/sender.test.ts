/** The form of a post tells a camera from a recorder, and claims nothing where both speak so. */
import should from 'should';
import { receive } from '../../../src/vendors/viewtron/receive';
import { makePost, openOptions, wrapConfig } from '../../support/events';
import { defaultOptions, readSamples, toPost } from '../../support/samples';

function senderOf(body: string): string | undefined {
  return receive(makePost(body), openOptions).sender;
}

/** Camera codes in a recorder's lists: nobody knows which of the two will send them. */
const mixed = ['ipc-plate-2.1-license-plate-list', 'nvr-face-other-word'];

describe('the sender of a post', () => {
  for (const sample of readSamples('viewtron')) {
    const [, kind] = /^(ipc|nvr)-/.exec(sample.name) ?? [];
    if (kind === undefined || mixed.includes(sample.name)) continue;
    const sender = kind === 'ipc' ? 'camera' : 'recorder';
    it(`is a ${sender}: ${sample.name}`, () => {
      should(receive(toPost(sample), { ...defaultOptions, ...sample.options }).sender).equal(sender);
    });
  }

  it('is a camera where there is no body, or the root is DeviceInfo', () => {
    should(senderOf('')).equal('camera');
    should(senderOf('<DeviceInfo><DeviceName>Yard cam</DeviceName></DeviceInfo>')).equal('camera');
  });

  it('is not known of a message that is not, or that is of both kinds', () => {
    for (const sample of readSamples('viewtron').filter(({ name }) => mixed.includes(name)))
      should(receive(toPost(sample), defaultOptions).sender).be.undefined();
    should(senderOf(wrapConfig('<news>1</news>'))).be.undefined();
    should(senderOf('<config><deviceInfo><mac>02:00:5e:10:00:41</mac></deviceInfo></config>')).be.undefined();
    should(senderOf('not XML')).be.undefined();
  });
});
