/** A status line says the event in short: a plate by its text, all else by what, who and where. */
import should from 'should';
import { summarize } from '../../src/summary';
import { makeEvent } from '../support/events';

describe('an event in short', () => {
  it('is a plate with its list and confidence', () => {
    const plate = { number: 'ABC123', list: 'allow', group: 'whiteList', confidence: 98.7 } as const;
    should(summarize(makeEvent({ category: 'plate', plate }))).equal('ABC123 · allow · 99 %');
  });

  it('is a plate with its group, or alone', () => {
    should(summarize(makeEvent({ plate: { number: '007', group: 'Staff' } }))).equal('007 · Staff');
    should(summarize(makeEvent({ plate: { number: '007' } }))).equal('007');
    should(summarize(makeEvent({ plate: { number: '007', confidence: 0 } }))).equal('007 · 0 %');
  });

  it('is what, who and where', () => {
    const targets = [{ type: 'person' }, { type: 'unknown' }, { type: 'person' }, { type: 'vehicle' }] as const;
    should(summarize(makeEvent({ targets }))).equal('area-entered · person, vehicle · Yard cam');
    should(summarize(makeEvent())).equal('area-entered · Yard cam');
  });

  it('says whether something begins or ends', () => {
    should(summarize(makeEvent({ kind: 'motion-alarm', state: 'stop' }))).equal('motion-alarm stop · Yard cam');
  });

  it('names the channel of a recorder, and a device without a name by its id', () => {
    should(summarize(makeEvent({ device: { id: '192.0.2.60', channel: '4' } }))).equal('area-entered · 192.0.2.60 #4');
  });

  it('is who at which door', () => {
    const event = makeEvent({ category: 'access', kind: 'access-granted', device: { id: '1070000' } });
    should(summarize({ ...event, door: { id: '7', name: 'Dock' }, person: { id: '1', name: 'Kim' } })).equal(
      'access-granted · Kim · Dock',
    );
    should(summarize({ ...event, door: { id: '7' }, person: { id: '1' } })).equal('access-granted · door 7');
    should(summarize({ ...event, kind: 'panel-offline', state: 'start' })).equal('panel-offline start · 1070000');
  });

  it('says face once', () => {
    should(summarize(makeEvent({ category: 'face', kind: 'face-detected', targets: [{ type: 'face' }] }))).equal(
      'face-detected · Yard cam',
    );
  });

  it('stays short whatever the device says', () => {
    const long = 'x'.repeat(10_000);
    should(summarize(makeEvent({ kind: long, device: { id: long, name: long } })).length).be.below(130);
    should(summarize(makeEvent({ plate: { number: long, group: long, owner: long } })).length).be.below(130);
  });

  it('does not cut a letter in half', () => {
    const name = `${'x'.repeat(39)}🚗`;
    // throws at half a letter
    should(encodeURIComponent(summarize(makeEvent({ device: { id: 'a', name } })))).be.a.String();
  });
});
