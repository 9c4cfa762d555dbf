import should from 'should';
import { dropOldest, putLatest } from '../../src/bound';

describe('what has a bound', () => {
  it('loses the entry that was put in first, where there is one too many', () => {
    const kept = new Map([['a', 1]]);
    dropOldest(kept, 1);
    should([...kept.keys()]).eql(['a']);
    kept.set('b', 2);
    dropOldest(kept, 1);
    should([...kept.keys()]).eql(['b']);
    const names = new Set(['a', 'b']);
    dropOldest(names, 0);
    should([...names]).eql(['b']);
  });

  it('keeps longest what was put in last, also where it was there before', () => {
    const kept = new Map<string, number>();
    for (const [index, key] of ['a', 'b', 'a', 'c'].entries()) putLatest(kept, key, index, 2);
    should([...kept]).eql([
      ['a', 2],
      ['c', 3],
    ]);
  });
});
