/** The readers take what is there, in any letter case, and nothing for what is not. */
import should from 'should';
import { all, attributeOf, child, copyTree, descend, items, numberOf, text, toNumber } from '../../src/wire/read';

const tree = {
  SN: 'a',
  sn: 'b',
  Name: ' x ',
  many: ['1', { '#text': '2' }],
  empty: '',
  list: { item: ['p', 'q'] },
  only: { item: 'p' },
  with: { '@id': ' 7 ', '#text': 't' },
};

describe('the readers of a parsed tree', () => {
  it('prefer the exact letter case and take any other', () => {
    should(child(tree, 'sn')).equal('b');
    should(child(tree, 'SN')).equal('a');
    should(child(tree, 'nAmE')).equal(' x ');
  });

  it('find nothing in what is no tree, and no method of an object', () => {
    for (const parent of [undefined, null, 'text', 1, ['a']]) should(child(parent, 'length')).be.undefined();
    should(child(tree, 'toString')).be.undefined();
    should(child(tree, '__proto__')).be.undefined();
  });

  it('trim, and count blank as absent', () => {
    should(text(tree.Name)).equal('x');
    should(text(tree.empty)).be.undefined();
    should(text(' \r\n ')).be.undefined();
    should(text({ '@a': '1' })).be.undefined();
    should(attributeOf(tree.with, 'ID')).equal('7');
  });

  it('take the first of repeated elements, or all', () => {
    should(text(tree.many)).equal('1');
    should(all(tree, 'many')).have.length(2);
    should(all(tree, 'none')).be.empty();
    should(items(tree.list)).deepEqual(['p', 'q']);
    should(items(tree.only)).deepEqual(['p']);
    should(descend({ a: [{ b: [{ c: '1' }] }] }, 'a', 'b', 'c')).equal('1');
  });

  it('read plain decimal numbers and no others', () => {
    should(['0', '-7', '007', '1.5', '999999999999999'].map(toNumber)).deepEqual([0, -7, 7, 1.5, 999_999_999_999_999]);
    for (const word of ['', ' ', '1e3', '0x1F', '+1', '.5', '1.', 'NaN', 'Infinity', '1 2', '1'.repeat(16)]) {
      should(toNumber(word)).be.undefined();
    }
    should(numberOf({ n: ' 12 ' }, 'N')).equal(12);
  });

  it('copy without what is dropped, and share nothing', () => {
    const from = { a: { b: ['1', { c: '2', d: '3' }] }, d: 'x' };
    const copy = copyTree(from, (name) => name === 'd');
    should(copy).deepEqual({ a: { b: ['1', { c: '2' }] } });
    should((copy as typeof from).a.b).not.equal(from.a.b);
    should((copy as typeof from).a.b[1]).not.equal(from.a.b[1]);
  });
});
