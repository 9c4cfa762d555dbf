/** Zones and lines as a device has them for its own alarms. */
import should from 'should';
import { readAreas } from '../../../../src/vendors/viewtron/device/areas';
import { failureOf, manners, startFake, stopFakes } from './fake';

type Pair = readonly [number, number];

const place = ([x, y]: Pair): string => `<X type="uint32">${x}</X><Y type="uint32">${y}</Y>`;
const list = (name: string, items: readonly string[]): string =>
  `<${name} type="list" maxCount="4" count="${items.length}">${items.map((item) => `<item>${item}</item>`).join('')}</${name}>`;
const perimeter = (...zones: readonly (readonly Pair[])[]): string =>
  `<perimeter>${list(
    'regionInfo',
    zones.map((points) => list('pointGroup', points.map(place))),
  )}</perimeter>`;
const tripwire = (
  ...lines: readonly { readonly direction: string; readonly from: Pair; readonly to: Pair }[]
): string =>
  `<tripwire>${list(
    'lineInfo',
    lines.map(
      ({ direction, from, to }) =>
        `<direction>${direction}</direction><startPoint>${place(from)}</startPoint><endPoint>${place(to)}</endPoint>`,
    ),
  )}</tripwire>`;

describe('zones and lines of a device', () => {
  afterEach(stopFakes);

  for (const manner of manners) {
    it(`are read from a ${manner} device as fractions of the picture`, async () => {
      const { device } = await startFake({ manner });
      should(await readAreas(device)).eql([
        {
          source: 'perimeter',
          number: 1,
          points: [
            { x: 0.15, y: 0.45 },
            { x: 0.85, y: 0.45 },
            { x: 0.95, y: 0.95 },
            { x: 0.05, y: 0.95 },
          ],
        },
        {
          source: 'tripwire',
          number: 1,
          points: [
            { x: 0.5, y: 0.42 },
            { x: 0.51, y: 0.98 },
          ],
        },
      ]);
    });
  }

  it('are those of the channel', async () => {
    const { api, device } = await startFake({ channels: 2 });
    api.replaceConfig(
      'SmartPerimeter',
      perimeter([
        [0, 0],
        [5000, 0],
        [0, 5000],
      ]),
      2,
    );
    api.replaceConfig('SmartTripwire', tripwire(), 2);
    should((await readAreas(device, { channel: 2 })).map(({ points }) => points[1])).eql([{ x: 0.5, y: 0 }]);
    should(api.requests.map(({ url }) => url)).eql(['/GetSmartPerimeterConfig/2', '/GetSmartTripwireConfig/2']);
  });

  // who walks from the first point to the second has the side that is gone to at the right hand
  const middle: Pair = [5000, 5000];
  for (const [direction, to, isTurned] of [
    ['none', [5000, 9000], false],
    ['rightortop', [5000, 1000], false],
    ['rightortop', [5000, 9000], true],
    ['rightortop', [1000, 5000], false],
    ['rightortop', [9000, 5000], true],
    ['leftorbotton', [5000, 9000], false],
    ['leftorbotton', [5000, 1000], true],
    ['leftorbotton', [9000, 5000], false],
    ['leftorbotton', [1000, 5000], true],
    ['of another firmware', [9000, 5000], false],
  ] as const) {
    it(`turn a line to ${to.join(', ')} so that "${direction}" is in: ${isTurned}`, async () => {
      const { api, device } = await startFake();
      api.replaceConfig('SmartTripwire', tripwire({ direction, from: middle, to }));
      const [line] = (await readAreas(device)).filter(({ source }) => source === 'tripwire');
      should(line?.points[isTurned ? 1 : 0]).eql({ x: 0.5, y: 0.5 });
    });
  }

  it('are passed over where they were never drawn, and keep the device’s own numbers', async () => {
    const { api, device } = await startFake();
    api.replaceConfig(
      'SmartPerimeter',
      perimeter(
        [],
        [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, 0],
        ],
        [
          [0, 0],
          [100, 0],
          [20_000, 0],
          [0, 100],
        ],
      ),
    );
    api.replaceConfig('SmartTripwire', tripwire({ direction: 'none', from: [0, 0], to: [0, 0] }));
    const areas = await readAreas(device);
    should(areas.map(({ source, number, points }) => [source, number, points.length])).eql([['perimeter', 3, 3]]);
  });

  it('are those of the one configuration where there is only one', async () => {
    const { api, device } = await startFake();
    api.replaceConfig('SmartPerimeter', undefined);
    should((await readAreas(device)).map(({ source }) => source)).eql(['tripwire']);
    api.replaceConfig('SmartTripwire', undefined);
    should((await failureOf(readAreas(device))).message).match(/GetSmartPerimeterConfig: invalid request/);
  });

  it('are not asked for again after a wrong password, which would lock the account', async () => {
    const { api, connect } = await startFake();
    const other = connect({ credentials: { user: 'admin', password: 'not it' } });
    should(await failureOf(readAreas(other))).containEql({ code: 'wrong-password' });
    should(api.requests.length).be.belowOrEqual(2);
    should(api.requests.every(({ command }) => command === 'GetSmartPerimeterConfig')).be.true();
  });
});
