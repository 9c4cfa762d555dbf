/** Shapes as flows save them, and what is said of those that cannot be. */
import should from 'should';
import { headingOf, isInside, passes, sideOf } from '../../src/presence/geometry';
import { msUntilMinute, parseMinute } from '../../src/presence/schedule';
import { readShapes } from '../../src/presence/shapes';

const square = [
  [0.1, 0.1],
  [0.9, 0.1],
  [0.9, 0.9],
  [0.1, 0.9],
];

describe('shapes', () => {
  it('are read as the dialog saves them', () => {
    const shapes = readShapes([
      {
        shape: 'zone',
        id: 'a',
        name: ' Yard ',
        camera: ' Gate cam ',
        points: square,
        loiter: '30',
        most: 2,
        fastest: '25',
      },
      {
        shape: 'line',
        id: 'b',
        name: 'Door',
        points: [
          [0, 0.5],
          [1, 0.5],
        ],
        forbidden: 'out',
      },
      { shape: 'spot', points: [{ x: 0.5, y: 0.5 }] },
    ]);
    should(shapes.zones[0]).containEql({
      id: 'a',
      name: 'Yard',
      camera: 'Gate cam',
      loiterSeconds: 30,
      most: 2,
      fastest: 0.25,
    });
    should(shapes.lines[0]).containEql({ name: 'Door', camera: '', forbidden: 'out' });
    should(shapes.spots[0]).containEql({ id: 'spot-3', name: 'spot 3' });
    should(shapes.zones[0]?.points[0]).deepEqual({ x: 0.1, y: 0.1 });
  });

  it('may be none', () => {
    for (const none of [undefined, null, '', []]) should(readShapes(none).zones).be.empty();
  });

  const wrong: readonly (readonly [what: string, value: unknown, message: RegExp])[] = [
    ['no list', 'square', /shapes must be a list, not string/],
    ['something else', [{ shape: 'circle' }], /shape 1 must be a zone, a line or a spot, not "circle"/],
    ['nothing', [null], /shape 1 must be/],
    [
      'two corners',
      [
        {
          shape: 'zone',
          name: 'Yard',
          points: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
      /zone "Yard" has 2 points; it needs 3 to 64/,
    ],
    [
      'three ends',
      [
        {
          shape: 'line',
          points: [
            [0, 0],
            [1, 1],
            [1, 0],
          ],
        },
      ],
      /line "line 1" has 3 points; it needs 2/,
    ],
    [
      'pixels',
      [{ shape: 'spot', points: [[640, 360]] }],
      /spot "spot 1" has the point \[640,360\]; x and y must be from 0 to 1/,
    ],
    ['words', [{ shape: 'spot', points: [['a', '']] }], /x and y must be from 0 to 1/],
    [
      'no length',
      [
        {
          shape: 'line',
          points: [
            [0.5, 0.5],
            [0.5, 0.5],
          ],
        },
      ],
      /begins where it ends/,
    ],
    [
      'no area',
      [
        {
          shape: 'zone',
          points: [
            [0, 0],
            [0.5, 0.5],
            [1, 1],
          ],
        },
      ],
      /has no area/,
    ],
    [
      'a wrong limit',
      [{ shape: 'zone', points: square, loiter: 'long' }],
      /"loitering" must be a number from 0.1 to 86400, not "long"/,
    ],
    [
      'a wrong way',
      [
        {
          shape: 'line',
          points: [
            [0, 0],
            [1, 1],
          ],
          forbidden: 'up',
        },
      ],
      /forbids "up"; it may forbid "in" or "out"/,
    ],
    ['one id for two', [1, 2].map(() => ({ shape: 'spot', id: 'a', points: [[0, 0]] })), /has the id a of another/],
    ['too many', Array.from({ length: 65 }, () => ({ shape: 'spot', points: [[0, 0]] })), /are 65; at most 64/],
  ];
  for (const [what, value, message] of wrong) {
    it(`are refused by name: ${what}`, () => {
      should(() => readShapes(value)).throw(message);
      try {
        readShapes(value);
      } catch (error) {
        should(error).containEql({ code: 'setting-invalid', retryable: false });
      }
    });
  }
});

describe('geometry', () => {
  it('knows right from left, inside from outside, and where somebody goes', () => {
    const line = { start: { x: 0, y: 0 }, end: { x: 1, y: 0 } };
    should(sideOf(line, { x: 0.5, y: 0.2 })).be.approximately(0.2, 1e-9);
    should(sideOf(line, { x: 0.5, y: -0.2 })).be.approximately(-0.2, 1e-9);
    should(passes(line, { x: 0.5, y: -1 }, { x: 0.5, y: 1 })).be.true();
    should(passes(line, { x: 1.5, y: -1 }, { x: 1.5, y: 1 })).be.false();
    should(passes(line, { x: 0.5, y: 1 }, { x: 0.6, y: 2 })).be.false();
    const corners = square.map(([x = 0, y = 0]) => ({ x, y }));
    should(isInside(corners, { x: 0.5, y: 0.5 })).be.true();
    should(isInside(corners, { x: 0.95, y: 0.5 })).be.false();
    const middle = { x: 0, y: 0 };
    should(
      [
        [0, -1],
        [1, 0],
        [0, 1],
        [-1, 0],
      ].map(([x = 0, y = 0]) => headingOf(middle, { x, y })),
    ).deepEqual([0, 90, 180, 270]);
  });
});

describe('a time of day', () => {
  it('is read in hours and minutes', () => {
    should(['00:00', '7:30', '23:59'].map(parseMinute)).deepEqual([0, 450, 1439]);
    should(['24:00', '7:60', '730', ''].map(parseMinute)).deepEqual([undefined, undefined, undefined, undefined]);
  });

  it('comes within a day', () => {
    const noon = new Date(2031, 1, 3, 12, 0, 0).getTime();
    should(msUntilMinute(12 * 60 + 1, noon)).equal(60_000);
    should(msUntilMinute(12 * 60, noon)).equal(24 * 3_600_000);
    should(msUntilMinute(11 * 60, noon)).equal(23 * 3_600_000);
  });
});
