/** A node's status changes at most once a second, and the last word is what stays. */
import { EventEmitter } from 'node:events';
import type { Node, NodeAPI } from 'node-red';
import should from 'should';
import { createVoice, type Status } from '../../../nodes/adapter';
import { summarize } from '../../../src/summary';
import { receive } from '../../../src/vendors/viewtron/receive';
import { startMs } from '../../support/events';
import { FakeClock } from '../../support/fake-clock';
import { defaultOptions, readSamples, toPost } from '../../support/samples';

interface Bench {
  readonly clock: FakeClock;
  readonly shown: string[];
  readonly errors: string[];
  readonly line: ReturnType<typeof createVoice>;
  readonly start: () => void;
}

/** A node in flows that have not started yet. */
function openEarly(): Bench {
  const clock = new FakeClock(startMs);
  const shown: string[] = [];
  const errors: string[] = [];
  const node = {
    status: ({ text }: Status) => void shown.push(text),
    error: ({ message }: Error) => void errors.push(message),
  } as unknown as Node;
  const events = new EventEmitter();
  const line = createVoice({ events } as unknown as NodeAPI, node, clock);
  return {
    clock,
    shown,
    errors,
    line,
    start: () => void events.emit('flows:started'),
  };
}

function open(): Bench {
  const bench = openEarly();
  bench.start();
  return bench;
}

function say(text: string): Status {
  return { fill: 'green', shape: 'dot', text };
}

describe('the status of a node', () => {
  it('is shown at once, then once a second with the last word', () => {
    const { clock, shown, line } = open();
    for (let count = 0; count < 100; count++) {
      line.show(() => say(`${count}`));
      clock.advance(100);
    }
    clock.advance(5000);
    should(shown).deepEqual(['0', '9', '19', '29', '39', '49', '59', '69', '79', '89', '99']);
  });

  it('is not shown again where it says the same', () => {
    const { clock, shown, line } = open();
    for (let count = 0; count < 5; count++) {
      line.show(() => say('same'));
      clock.advance(2000);
    }
    should(shown).deepEqual(['same']);
  });

  it('ends on the last word though it equals the first', () => {
    const { clock, shown, line } = open();
    for (const text of ['a', 'b', 'a']) line.show(() => say(text));
    clock.advance(5000);
    should(shown).deepEqual(['a']);
  });

  it('is worked out at most once a second, also where it changes nothing', () => {
    const { clock, shown, line } = open();
    let workedOut = 0;
    for (let count = 0; count < 100; count++) {
      line.show(() => {
        workedOut++;
        return say('same');
      });
      clock.advance(100);
    }
    should(workedOut).be.belowOrEqual(11);
    line.show(() => say('b'));
    line.show(() => say('c'));
    clock.advance(1000);
    should(shown).deepEqual(['same', 'c']);
  });

  it('says nothing after it was closed, and leaves no timer', () => {
    const { clock, shown, line } = open();
    line.show(() => say('a'));
    line.show(() => say('b'));
    line.close();
    should(clock.running).equal(0);
    clock.advance(5000);
    should(shown).deepEqual(['a']);
  });

  it('says nothing where a late event comes after it was closed', () => {
    const { clock, shown, line } = open();
    line.close();
    line.show(() => say('late'));
    clock.advance(5000);
    should(shown).be.empty();
    should(clock.running).equal(0);
  });
});

describe('the voice of a node before its flows have started', () => {
  it('is kept: the last status and all errors come when they have', () => {
    const { clock, shown, errors, line, start } = openEarly();
    line.show(() => say('a'));
    line.show(() => say('b'));
    line.raise(new Error('one'));
    line.raise(new Error('two'));
    clock.advance(5000);
    should(shown).be.empty();
    should(errors).be.empty();
    start();
    clock.advance(1000);
    should(shown.at(-1)).equal('b');
    should(errors).deepEqual(['one', 'two']);
  });

  it('is not heard any more once it is closed', () => {
    const { clock, shown, errors, line, start } = openEarly();
    line.show(() => say('a'));
    line.raise(new Error('one'));
    line.close();
    start();
    clock.advance(5000);
    should(shown).be.empty();
    should(errors).be.empty();
  });

  it('is heard of by one listener for all nodes: Node-RED warns of more than ten', () => {
    const events = new EventEmitter();
    const node = { status: () => undefined } as unknown as Node;
    for (let count = 0; count < 100; count++)
      createVoice({ events } as unknown as NodeAPI, node, new FakeClock(startMs));
    should(events.listenerCount('flows:started')).equal(1);
  });
});

describe('every golden sample in short', () => {
  for (const sample of readSamples('viewtron')) {
    if (sample.error !== undefined) continue;
    it(`fits a status line: ${sample.name}`, () => {
      for (const event of receive(toPost(sample), { ...defaultOptions, ...sample.options }).events) {
        const text = summarize(event);
        should(text).not.be.empty();
        should(text.length).be.below(130);
        should(text).not.match(/undefined|null|\[object/);
      }
    });
  }
});
