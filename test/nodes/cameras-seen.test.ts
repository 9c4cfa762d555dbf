/** The cameras that dialogs offer, noted of whoever posts. */
import type { NodeAPI } from 'node-red';
import should from 'should';
import { offerCamerasSeen, type CamerasSeen } from '../../nodes/viewtron/cameras-seen';

type Answer = (request: unknown, response: { json(found: unknown): void }) => void;

describe('the cameras seen so far', () => {
  let seen: CamerasSeen;
  let answer: Answer;

  beforeEach(() => {
    const httpAdmin = { get: (_path: string, _permission: unknown, handler: Answer) => void (answer = handler) };
    const RED: unknown = { httpAdmin, auth: { needsPermission: () => undefined } };
    seen = offerCamerasSeen(RED as NodeAPI, 'viewtron-in');
  });

  function offered(): readonly { readonly id: string; readonly name?: string; readonly channel?: string }[] {
    let told: unknown;
    answer({}, { json: (found) => void (told = found) });
    return told as ReturnType<typeof offered>;
  }

  it('are each camera and channel once, with the name it has now, until the node is gone', () => {
    seen.note('a', { id: '02:00:5e:10:00:01', name: 'Gate' });
    seen.note('a', { id: '02:00:5e:10:00:01', name: 'Yard', ip: '192.0.2.5' });
    seen.note('a', { id: '02:00:5e:10:00:01' });
    seen.note('a', { id: '02:00:5e:10:00:01', channel: '2' });
    seen.note('b', { id: '02:00:5e:10:00:02' });
    should(offered()).eql([
      { id: '02:00:5e:10:00:01', name: 'Yard', ip: '192.0.2.5' },
      { id: '02:00:5e:10:00:01', channel: '2' },
      { id: '02:00:5e:10:00:02' },
    ]);
    seen.forget('a');
    should(offered()).eql([{ id: '02:00:5e:10:00:02' }]);
  });

  it('have room for a camera of today after a flood of names that were made up', () => {
    for (let n = 0; n < 5000; n++) seen.note('a', { id: `made up ${n}` });
    seen.note('a', { id: '02:00:5e:10:00:01', name: 'Gate' });
    const all = offered();
    should(all.length).equal(2000);
    should(all.at(-1)).eql({ id: '02:00:5e:10:00:01', name: 'Gate' });
  });

  it('keep no name that no camera has', () => {
    const endless = 'x'.repeat(100_000);
    seen.note('a', { id: endless });
    seen.note('a', { id: '02:00:5e:10:00:01', channel: endless });
    seen.note('a', { id: '02:00:5e:10:00:01', name: 'Gate', ip: '192.0.2.5' });
    seen.note('a', { id: '02:00:5e:10:00:01', name: endless, ip: endless });
    should(offered()).eql([{ id: '02:00:5e:10:00:01', name: 'Gate', ip: '192.0.2.5' }]);
  });
});
