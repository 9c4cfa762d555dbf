/** The books of the endurance run: what they would say of a package that loses, doubles or invents. */
import should from 'should';
import type { Told } from '../../demo/sites/site';
import { isEven, Ledger, type Balance } from '../../soak/ledger';
import { findFailures, type Report } from '../../soak/report';
import type { Look } from '../../soak/probe';

const told = (eventId: number, fields: Partial<Told> = {}): Told => ({
  vendor: 'camlytics',
  way: 'asked',
  query: '',
  body: Buffer.from(`{"event_id":${eventId},"channel_id":"c","type":"Loitering","time":"2031-02-03T04:05:06.0000000"}`),
  isTaken: true,
  ...fields,
});
const heartbeat: Told = { vendor: 'viewtron', way: 'posted', query: '', body: Buffer.alloc(0), isTaken: true };
const beat = { book: 'viewtron', id: 'any', topic: 'viewtron/heartbeat', kind: 'heartbeat' };

function balanceOf(ledger: Ledger, book: string): Balance {
  const balance = ledger.balance().find((each) => each.book === book);
  if (balance === undefined) throw new Error(`no book ${book}`);
  return balance;
}

/** The id that an event has by the books. */
function idOf(event: Told): string {
  const ledger = new Ledger();
  ledger.enter(event);
  return balanceOf(ledger, 'camlytics asked').missing[0] ?? '';
}

const look: Look = {
  usedBytes: 100,
  codeBytes: 1,
  residentBytes: 1,
  open: { Timeout: 2 },
  listeners: 3,
  layers: 4,
  rejections: [],
};
const fine: Balance = { book: 'pdk', posts: 1, spoiled: 0, taken: 1, out: 1, missing: [], doubled: [], invented: [] };
const report = (fields: Partial<Report>): Report => ({
  course: { deploys: 1, faults: 1, presses: 1, refusedPresses: 0 },
  balance: [fine],
  empty: look,
  emptied: look,
  before: look,
  settled: look,
  after: look,
  ...fields,
});

describe('the books of the endurance run', () => {
  const out = (event: Told): { book: string; id: string; topic: string; kind: string } => ({
    book: 'camlytics asked',
    id: idOf(event),
    topic: 'camlytics/motion',
    kind: 'loitering',
  });

  it('are not even while something is under way: on its way out, or its answer to the site', () => {
    const ledger = new Ledger();
    should(isEven(ledger.balance())).be.true();
    ledger.enter(told(1));
    should(isEven(ledger.balance())).be.false();
    ledger.note(out(told(1)));
    should(isEven(ledger.balance())).be.true();
    ledger.note(out(told(2)));
    should(isEven(ledger.balance())).be.false();
    ledger.enter(told(2));
    ledger.note(beat);
    should(isEven(ledger.balance())).be.false();
    ledger.enter(heartbeat);
    ledger.note(beat);
    should(isEven(ledger.balance())).be.false();
    ledger.enter(heartbeat);
    should(isEven(ledger.balance())).be.true();
  });

  it('agree where everything came out once, whoever was first', () => {
    const ledger = new Ledger();
    ledger.note(out(told(1)));
    ledger.enter(told(1));
    ledger.enter(told(2));
    ledger.note(out(told(2)));
    should(balanceOf(ledger, 'camlytics asked')).containEql({ taken: 2, out: 2, missing: [], doubled: [] });
  });

  it('miss what Node-RED had for certain, and not what it may have had', () => {
    const ledger = new Ledger();
    ledger.enter(told(1));
    ledger.enter(told(2, { isTaken: false }));
    should(balanceOf(ledger, 'camlytics asked').missing).deepEqual([idOf(told(1))]);
  });

  it('see what came out twice, and what nobody sent', () => {
    const ledger = new Ledger();
    ledger.enter(told(1));
    for (const event of [1, 1, 2]) ledger.note(out(told(event)));
    should(balanceOf(ledger, 'camlytics asked')).containEql({ doubled: [idOf(told(1))], invented: [idOf(told(2))] });
  });

  it('count heartbeats, which have no names: each one is due, also one that was sent twice', () => {
    const ledger = new Ledger();
    ledger.enter(heartbeat);
    ledger.enter({ ...heartbeat, isRepeated: true });
    ledger.note(beat);
    should(balanceOf(ledger, 'viewtron').missing).have.length(1);
    ledger.note(beat);
    ledger.note(beat);
    should(balanceOf(ledger, 'viewtron')).containEql({ missing: [], doubled: [] });
    ledger.note(beat);
    should(balanceOf(ledger, 'viewtron').doubled).have.length(1);
  });
});

describe('the verdict on an endurance run', () => {
  it('is good where nothing has changed', () => {
    should(findFailures(report({}))).be.empty();
    should(findFailures(report({ after: { ...look, usedBytes: 104.9 } }))).be.empty();
  });

  for (const [about, fields] of Object.entries({
    'an event is missing': { balance: [{ ...fine, missing: ['a'] }] },
    'an event came twice': { balance: [{ ...fine, doubled: ['a'] }] },
    'an event was never sent': { balance: [{ ...fine, invented: ['a'] }] },
    'nothing was sent': { balance: [{ ...fine, taken: 0 }] },
    'memory grew by a twentieth': { after: { ...look, usedBytes: 105 } },
    'a layer of the router stayed': { emptied: { ...look, layers: 5 } },
    'layers came with deploys': { after: { ...look, layers: 5 } },
    'a timer stayed': { emptied: { ...look, open: { Timeout: 3 } } },
    'a listener stayed': { emptied: { ...look, listeners: 4 } },
    'a rejection was handled by nobody': { emptied: { ...look, rejections: ['Error: x'] } },
  } satisfies Record<string, Partial<Report>>)) {
    it(`is bad where ${about}`, () => should(findFailures(report(fields))).have.length(1));
  }
});
