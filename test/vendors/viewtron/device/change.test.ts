/** Read, change, write: what was not asked for stays to the byte, and what a device would refuse is not sent. */
import * as fc from 'fast-check';
import should from 'should';
import { childOf, parseXmlSource, type XmlElement, type XmlSource } from '../../../../src/wire/xml-source';
import { rewriteBlock, type RewriteOptions } from '../../../../src/vendors/viewtron/device/change';
import { toValue, type Value } from '../../../../src/vendors/viewtron/device/values';
import { cases } from '../../../support/cases';
import { longestSearched } from '../../../support/expressions';

const plain: RewriteOptions = { fractions: false };

function rewrite(xml: string, wanted: unknown, options: RewriteOptions = plain) {
  const source = parseXmlSource(`<config version="1.7">${xml}</config>`);
  const block = source.root.children.find((child) => child.name !== 'types');
  return rewriteBlock(source, block!, wanted, options);
}

const zone = `<perimeter a='1'>
  <!-- firmware note -->
  <switch type="boolean">false</switch>
  <alarmHoldTime type="uint32" min="5" max="120">20</alarmHoldTime>
  <name type="string" maxLen="8"><![CDATA[ a < b ]]></name>
  <mode type="modeType">auto</mode>
  <unheardOf x="y"><deep/></unheardOf>
  <regionInfo type="list" maxCount="2" count="1">
    <item><pointGroup type="list" maxCount="4" count="3"><itemType><X/><Y/></itemType>
      <item><X type="uint32">0</X><Y type="uint32">0</Y></item>
      <item><X type="uint32">5000</X><Y type="uint32">0</Y></item>
      <item><X type="uint32">5000</X><Y type="uint32">5000</Y></item>
    </pointGroup></item>
  </regionInfo>
</perimeter>`;
const withTypes = `<types><modeType><enum>auto</enum><enum>day</enum></modeType></types>${zone}`;

describe('a changed document', () => {
  it('is the same to the byte but for what was asked for', () => {
    const { xml, changes, faults } = rewrite(zone, { switch: true });
    should(faults).be.empty();
    should(changes).eql([{ path: 'perimeter.switch', before: false, after: true }]);
    should(xml).equal(zone.replace('>false<', '>true<'));
  });

  it('is the same where all is so already, whatever the letter case of names', () => {
    const { xml, changes } = rewrite(zone, { SWITCH: false, alarmholdtime: '20', name: 'a < b' });
    should(changes).be.empty();
    should(xml).equal(zone);
  });

  it('keeps CDATA where there was some, and escapes elsewhere', () => {
    const { xml } = rewrite(zone, { name: 'x]]>&y', mode: '<&>' });
    should(xml).containEql('<name type="string" maxLen="8"><![CDATA[x]]]]><![CDATA[>&y]]></name>');
    should(xml).containEql('<mode type="modeType">&lt;&amp;&gt;</mode>');
  });

  it('refuses what the device would not take, all at once, and says where and why', () => {
    const { faults } = rewrite(withTypes, {
      switch: 'maybe',
      alarmHoldTime: 121,
      name: 'much too long',
      mode: 'night',
      nothing: 1,
      unheardOf: 5,
      regionInfo: [{}, {}, {}],
    });
    should(faults).eql([
      'perimeter.switch must be true or false, not "maybe"',
      'perimeter.alarmHoldTime is 121; the device takes 5 to 120 (s)',
      'perimeter.name has 13 characters; the device takes 8',
      'perimeter.mode is "night"; the device takes auto, day',
      'perimeter.unheardOf must be an object with deep, not 5',
      'perimeter.regionInfo has 3 items; the device takes 2',
      'perimeter.nothing is no setting of this device; perimeter has switch, alarmHoldTime, name, mode, unheardOf, regionInfo',
    ]);
  });

  it('takes the words of an enumeration in any letter case, as the device writes them', () => {
    should(rewrite(withTypes, { mode: 'DAY' }).changes).eql([{ path: 'perimeter.mode', before: 'auto', after: 'day' }]);
  });

  it('takes zones as fractions of the picture', () => {
    const points = [
      { x: 0.1, y: 0.2 },
      { x: 0.33333, y: 1 },
    ];
    const { xml, faults } = rewrite(zone, { regionInfo: [{ pointGroup: points }] }, { fractions: true });
    should(faults).be.empty();
    should(xml).containEql('<pointGroup type="list" maxCount="4" count="2">');
    should(xml).containEql('<item><X type="uint32">1000</X><Y type="uint32">2000</Y></item>');
    should(xml).containEql('<item><X type="uint32">3333</X><Y type="uint32">10000</Y></item>');
    should(xml).not.containEql('>5000<');
    const wrong = rewrite(zone, { regionInfo: [{ pointGroup: [{ x: 1.5, y: 0 }] }] }, { fractions: true });
    should(wrong.faults).eql(['perimeter.regionInfo[0].pointGroup[0].X must be a fraction from 0 to 1, not 1.5']);
    should(
      rewrite(zone, { regionInfo: [{ pointGroup: Array.from({ length: 5 }, () => ({ X: 1, Y: 1 })) }] }).faults,
    ).eql(['perimeter.regionInfo[0].pointGroup has 5 items; the device takes 4']);
  });

  it('adds a zone after the pattern of the one that is there, or to a list that is empty', () => {
    const second = rewrite(zone, { regionInfo: [{}, { pointGroup: [{ X: 7, Y: 8 }] }] });
    should(second.xml).containEql('<regionInfo type="list" maxCount="2" count="2">');
    should(read(second.xml)).containDeep({
      regionInfo: [{ pointGroup: [{ X: 0, Y: 0 }] }, { pointGroup: [{ X: 7, Y: 8 }] }],
    });
    const empty = rewrite('<tripwire><lineInfo type="list" maxCount="4" count="0"/></tripwire>', {
      lineInfo: [{ direction: 'none', startPoint: { X: 1, Y: 2 }, endPoint: { X: 3, Y: 4 } }],
    });
    should(read(empty.xml)).eql({
      lineInfo: [{ direction: 'none', startPoint: { X: 1, Y: 2 }, endPoint: { X: 3, Y: 4 } }],
    });
    should(empty.xml).containEql('count="1"');
  });

  it('changes only those items of a list that are named by their ids', () => {
    const streams =
      '<streams type="list" count="2"><item id="1"><rate type="uint32">25</rate></item><item id="2"><rate type="uint32">15</rate></item></streams>';
    const { xml, changes } = rewrite(streams, [{ id: 2, rate: 10 }]);
    should(xml).equal(streams.replace('>15<', '>10<'));
    should(changes).eql([{ path: 'streams[1].rate', before: 15, after: 10 }]);
  });

  it('makes lists of words longer, shorter and empty', () => {
    const list = '<post><events type="list" count="2"><item>A</item><item>B</item></events></post>';
    should(rewrite(list, { events: ['C'] }).xml).equal(
      '<post><events type="list" count="1"><item>C</item></events></post>',
    );
    should(rewrite(list, { events: [] }).xml).equal('<post><events type="list" count="0"></events></post>');
    should(rewrite(list, { events: ['A', 'B', 'C'] }).xml).equal(
      '<post><events type="list" count="3"><item>A</item><item>B</item><item>C</item></events></post>',
    );
  });

  it('sends values without their types, and leaves out what only the device writes, where that is the rule', () => {
    const post =
      '<httpPost><bSwitch type="boolean">true</bSwitch><onlineStatus type="boolean">true</onlineStatus></httpPost>';
    const { xml } = rewrite(post, { bSwitch: false }, { ...plain, bareValues: true, omit: ['onlineStatus'] });
    should(xml).equal('<httpPost><bSwitch>false</bSwitch></httpPost>');
  });

  it('opens an element that was empty, wherever it stands', () => {
    should(rewrite('<a><b /> <c\n/></a>', { b: 1, c: 'x' }).xml).equal('<a><b>1</b> <c>x</c></a>');
    should(rewrite('<a><b></b><c></c></a>', { b: 1, c: 'x' }).xml).equal('<a><b>1</b><c>x</c></a>');
    should(rewrite('<a><b></b><c></c><d/></a>', { c: 1 }).xml).equal('<a><b></b><c>1</c><d/></a>');
    const list = '<list type="list"/>';
    const filled = '<list type="list"><item>1</item></list>';
    should(rewrite(`<a>${list}</a>`, { list: [1] }).xml).equal(`<a>${filled}</a>`);
    should(rewrite(`<a>${list} <c/></a>`, { list: [1] }).xml).equal(`<a>${filled} <c/></a>`);
    should(rewrite('<a><list type="list"></list></a>', { list: [1] }).xml).equal(`<a>${filled}</a>`);
    should(rewrite(`<a>${list}</a>`, { list: [] }).xml).equal(`<a>${list}</a>`);
  });

  describe('of a device that means to keep us busy', () => {
    const many = 20_000;
    const hostile: Readonly<Record<string, readonly [xml: string, wanted: unknown]>> = {
      'blanks in an empty element': [`<a><b${' '.repeat(many)}x/> </a>`, { b: 1 }],
      'blanks in an empty list': [`<a><b type="list"${' '.repeat(many)}x/> </a>`, { b: [1] }],
      'signs of an end in an item': [
        `<a><b type="list"><itemType><c><![CDATA[${'</'.repeat(many)}]]></c></itemType></b></a>`,
        { b: [{}] },
      ],
    };
    /** Those that begin with a word of their own, and look no further where it does not stand. */
    const searches = /^\(?\\s(?:count|type)/;
    for (const [name, [xml, wanted]] of Object.entries(hostile)) {
      it(`is not searched for the end of a tag: ${name}`, () => {
        const source = parseXmlSource(`<config>${xml}</config>`);
        const action = (): void => {
          should(rewriteBlock(source, source.root.children[0]!, wanted, plain).faults).be.empty();
        };
        should(longestSearched(action, searches)).be.below(1000);
      });
    }

    it('is changed all the same', () => {
      const [xml, wanted] = hostile['signs of an end in an item']!;
      should(rewrite(xml, wanted).xml).endWith(
        `</itemType><item><c><![CDATA[${'</'.repeat(many)}]]></c></item></b></a>`,
      );
      should(rewrite('<a><b  x  /></a>', { b: 1 }).xml).equal('<a><b  x>1</b></a>');
    });
  });
});

function read(xml: string): Value {
  const source = parseXmlSource(xml);
  return toValue(source, source.root, { fractions: false });
}

/** Every element and attribute with its own text, by its place. */
function inventory(source: XmlSource, element: XmlElement = source.root, path = '/'): [string, string][] {
  const own = element.children.length === 0 ? source.text.slice(element.openEnd, element.closeStart) : '';
  const here: [string, string] = [
    `${path}${element.name}`,
    `${element.attributes.map(({ name, value }) => `${name}=${value}`).join(' ')}|${own}`,
  ];
  return [
    here,
    ...element.children.flatMap((child, index) => inventory(source, child, `${path}${element.name}[${index}]/`)),
  ];
}

const word = fc.stringMatching(/^[a-w]{2,6}$/);
const leaf = fc.oneof(
  fc.boolean().map((value) => ({ type: 'boolean', text: String(value) })),
  fc.integer({ min: 0, max: 1000 }).map((value) => ({ type: 'uint32', text: String(value) })),
  fc
    .stringMatching(/^[ -;=?-~]{0,12}$/)
    .map((value) => ({ type: 'string', text: `<![CDATA[${value.replaceAll(']]>', '')}]]>` })),
);
interface Drawn {
  readonly name: string;
  readonly children?: readonly Drawn[];
  readonly type?: string;
  readonly text?: string;
  readonly space: string;
  readonly extra: string;
}
const space = fc.constantFrom('', '\n  ', ' ', '<!-- note -->', '\n<?x y?>');
const { block } = fc.letrec<{ node: Drawn; block: Drawn }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .record({ name: word, leaf, space, extra: fc.constantFrom('', ' note="a &amp; b"', " unit='s'") })
      .map(({ name, leaf: value, ...rest }) => ({ name, ...value, ...rest })),
    tie('block'),
  ),
  block: fc.record({
    name: word,
    children: fc.uniqueArray(tie('node'), { minLength: 1, maxLength: 5, selector: ({ name }) => name }),
    space,
    extra: fc.constantFrom('', ' version="3"'),
  }),
}));

function write({ name, children, type, text, space: between, extra }: Drawn): string {
  if (children === undefined) return `${between}<${name} type="${type}"${extra}>${text}</${name}>`;
  return `${between}<${name}${extra}>${children.map(write).join('')}${between}</${name}>`;
}

function leaves(drawn: Drawn, path: readonly string[] = []): { path: readonly string[]; type: string }[] {
  if (drawn.children === undefined) return [{ path, type: drawn.type ?? '' }];
  return drawn.children.flatMap((child) => leaves(child, [...path, child.name]));
}

describe('any configuration', () => {
  it('keeps every element and attribute that was not asked to change, and takes those that were', () => {
    fc.assert(
      fc.property(block, fc.array(fc.nat(), { maxLength: 4 }), fc.nat(1000), (drawn, picks, number) => {
        const source = parseXmlSource(`<config>${write(drawn)}</config>`);
        const root = childOf(source.root, drawn.name)!;
        const all = leaves(drawn);
        const chosen = [...new Set(picks.map((pick) => all[pick % all.length]!))];
        const wanted: Record<string, unknown> = {};
        for (const { path, type } of chosen) {
          let at = wanted;
          for (const name of path.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
          at[path.at(-1)!] = type === 'boolean' ? number % 2 === 0 : type === 'uint32' ? number : `text ${number}`;
        }
        const { xml, changes, faults } = rewriteBlock(source, root, wanted, plain);
        should(faults).be.empty();
        const before = new Map(inventory(source, root));
        const after = new Map(inventory(parseXmlSource(xml)));
        should([...after.keys()]).eql([...before.keys()]);
        const differing = [...before].filter(([path, text]) => after.get(path) !== text);
        should(differing.length).equal(changes.length);
        should(changes.length).be.belowOrEqual(chosen.length);
        // a second time there is nothing left to do
        const again = parseXmlSource(xml);
        const second = rewriteBlock(again, again.root, wanted, plain);
        should(second.changes).be.empty();
        should(second.xml).equal(xml.trim());
        if (chosen.length === 0) should(xml).equal(source.text.slice(root.start, root.end));
      }),
      cases(500),
    );
  });
});
