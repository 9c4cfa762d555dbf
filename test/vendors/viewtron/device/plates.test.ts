/** Plates of both families: bytes, results, ten thousand at once, and a device that dies half-way. */
import should from 'should';
import {
  addPlates,
  changePlates,
  listGroups,
  listPlates,
  PlatesError,
  removePlates,
  replacePlates,
} from '../../../../src/vendors/viewtron/device/plate-list';
import type { Plate } from '../../../../src/vendors/viewtron/device/plates';
import { failureOf, startFake, stopFakes } from './fake';

const visitor: Plate = {
  number: '007',
  group: 'allow',
  from: '2031-01-01 00:00:00',
  until: '2031-12-31 23:59:59',
  owner: 'A. Example <&>',
  phone: '555-0100',
};
const head = '<?xml version="1.0" encoding="utf-8"?><config version="2.1.0" xmlns="http://www.ipc.com/ver10">';

function many(count: number, group = 'allow'): readonly Plate[] {
  return Array.from({ length: count }, (_each, index) => ({ number: `DEMO${String(index).padStart(5, '0')}`, group }));
}

describe('the plates of a device', () => {
  afterEach(stopFakes);

  for (const manner of ['2.0', '2.1'] as const) {
    const family = manner === '2.0' ? 'VehiclePlate' : 'LicensePlates';
    describe(`with the commands ${family}`, () => {
      it('are added, listed, changed and removed, one by one and with all that is known of them', async () => {
        const { device } = await startFake({ manner });
        should(await listPlates(device, {})).eql([]);
        should(await addPlates(device, [visitor])).eql({
          family,
          counts: { added: 1 },
          plates: [{ number: '007', group: 'allow', outcome: 'added' }],
        });
        const [listed] = await listPlates(device, { number: '007' });
        const { key: _key, ...fields } = listed!;
        should(fields).eql(visitor);

        should((await addPlates(device, [visitor])).counts).eql({ unchanged: 1 });
        should((await addPlates(device, [{ ...visitor, owner: 'B. Example' }])).counts).eql({ changed: 1 });
        const [changed] = await listPlates(device, { group: 'allow' });
        should(changed).containEql({ owner: 'B. Example', until: '2031-12-31 23:59:59' });

        const moved = await changePlates(device, [{ number: '007', group: 'block', owner: 'C. Example' }]);
        should(moved.counts).eql({ changed: 1 });
        should(await listPlates(device, { group: 'allow' })).eql([]);
        should((await listPlates(device, { group: 'block' }))[0]).containEql({
          number: '007',
          owner: 'C. Example',
          phone: '555-0100',
        });

        should((await removePlates(device, [{ number: '007', group: '' }])).counts).eql({ removed: 1 });
        const gone = await removePlates(device, [{ number: '007', group: '' }]);
        should(gone.counts).eql({ refused: 1 });
        should(gone.plates[0]?.reason).containEql('no plate 007');
      });

      it('are refused one by one, and the others go in', async () => {
        const { api, device } = await startFake({ manner });
        api.plates.capacity = 2;
        const { counts, plates } = await addPlates(device, [
          { number: 'ONE', group: 'allow' },
          { number: 'TWO', group: 'friends' },
          { number: 'THREE', group: 'block' },
          { number: 'FOUR', group: 'allow' },
        ]);
        should(counts).eql({ added: 2, refused: 2 });
        should(plates.map(({ outcome }) => outcome)).eql(['added', 'refused', 'added', 'refused']);
        should(plates[1]?.reason).match(/no plate (group|list) "friends"; the device has/);
        should(plates[3]?.reason).containEql('the plate library is full');
      });

      it('become the list that was given, with as little as possible sent, and the new ones in before the old ones go', async () => {
        const { api, device } = await startFake({ manner });
        await addPlates(device, [visitor, { number: 'OLD', group: 'allow' }, { number: 'MOVE', group: 'block' }]);
        api.requests.length = 0;
        const list = [visitor, { number: 'NEW', group: 'allow' }, { number: 'MOVE', group: 'allow' }];
        const { counts, plates } = await replacePlates(device, list, undefined);
        should(counts).eql({ unchanged: 1, added: 1, changed: 1, removed: 2 });
        should(plates.find(({ number }) => number === 'OLD')?.outcome).equal('removed');
        should((await listPlates(device, {})).map(({ number, group }) => `${number} ${group}`).toSorted()).eql([
          '007 allow',
          'MOVE allow',
          'NEW allow',
        ]);
        const written = api.requests
          .filter(({ command }) => /^(Add|Delete|Modify)/.test(command))
          .map(({ body }) => body);
        const at = (text: string, command: RegExp): number =>
          api.requests.findIndex((each) => command.test(each.command) && each.body.includes(text));
        should(at('NEW', /^Add/)).be.above(0);
        should(
          api.requests
            .map(({ command }) => command)
            .lastIndexOf(manner === '2.0' ? 'DeleteVehiclePlate' : 'DeleteLicensePlate'),
        ).be.above(at('NEW', /^Add/));
        should(written.some((body) => body.includes('007'))).be.false();
        should((await replacePlates(device, list, undefined)).counts).eql({ unchanged: 3 });
      });

      it('are in as before where the device does not take what they were changed to', async () => {
        const { device } = await startFake({ manner });
        await addPlates(device, [visitor]);
        const wrong = { ...visitor, group: 'block', until: '2030-01-01 00:00:00' };
        const { counts, plates } = await changePlates(device, [wrong]);
        should(counts).eql({ refused: 1 });
        should(plates[0]?.reason).match(/range.*the plate is in as it was before/);
        const replaced = await replacePlates(device, [wrong], undefined);
        should(replaced.counts).eql({ refused: 1, unchanged: 1 });
        should(replaced.plates[1]?.reason).equal('it could not be moved to block');
        should((await listPlates(device, {})).map(({ key: _key, ...plate }) => plate)).eql([visitor]);
      });

      it('are told to be missing, perhaps, where the device dies between removing and adding', async () => {
        const { api, device } = await startFake({ manner });
        await addPlates(device, [visitor]);
        api.requests.length = 0;
        await changePlates(device, [{ ...visitor, group: 'block' }]);
        const added = api.requests.findIndex(({ command }) => command.startsWith('Add'));
        api.faults.diesAfter = added;
        const error = await failureOf(changePlates(device, [visitor]));
        should(error.code).equal('plate-lost');
        should((error as unknown as PlatesError).report.counts).eql({ unknown: 1 });
        should(error.message).match(/the plate was removed to be changed, and may be missing now.*1 unknown/);
        should(api.plates.plates).be.empty();
      });

      it('of one group are replaced without the others', async () => {
        const { device } = await startFake({ manner });
        await addPlates(device, [{ number: 'BAD', group: 'block' }, ...many(3)]);
        const { counts } = await replacePlates(device, many(2), 'allow');
        should(counts).eql({ unchanged: 2, removed: 1 });
        should(await listPlates(device, { group: 'block' })).have.length(1);
      });

      it('are ten thousand: added in portions, listed by pages, replaced', async function () {
        this.timeout(60_000);
        const { api, device } = await startFake({ manner });
        const all = many(10_000);
        const added = await addPlates(device, all);
        should(added.counts).eql({ added: 10_000 });
        const adds = api.requests.filter(({ command }) => command.startsWith('Add'));
        should(adds).have.length(manner === '2.0' ? 200 : 100);
        // no request is larger than a portion of plates
        should(Math.max(...adds.map(({ body }) => body.length))).be.below(30_000);
        const listed = await listPlates(device, {});
        should(listed.map(({ number }) => number)).eql(all.map(({ number }) => number));
        api.requests.length = 0;
        const next = [...all.slice(10), { number: 'LAST', group: 'allow' }];
        // the database is full but for what goes
        api.plates.capacity = 10_001;
        const { counts } = await replacePlates(device, next, undefined);
        should(counts).eql({ unchanged: 9990, added: 1, removed: 10 });
        should(api.requests.filter(({ command }) => !command.startsWith('Get'))).have.length(11);
      });

      for (const acts of [false, true]) {
        it(`are told exactly where the device dies half-way${acts ? ', having taken the portion that it died of' : ''}`, async () => {
          const { api, device } = await startFake({ manner });
          await device.abilities();
          const portion = manner === '2.0' ? 50 : 100;
          await addPlates(device, []);
          await listGroups(device);
          api.faults.diesAfter = (manner === '2.0' ? 0 : 1) + 3;
          api.faults.actsBeforeDying = acts;
          const error = await failureOf(addPlates(device, many(portion * 5)));
          should(error).be.instanceOf(PlatesError);
          const { report } = error as unknown as PlatesError;
          should(report.counts).eql({ added: portion * 3, unknown: portion, 'not-tried': portion });
          should(error.message).containEql(`${portion * 3} added, ${portion} unknown, ${portion} not-tried`);
          should(error.retryable).be.true();
          const inDevice = new Set(api.plates.plates.map(({ number }) => number));
          for (const { number, outcome } of report.plates) {
            if (outcome === 'added') should(inDevice.has(number)).be.true();
            if (outcome === 'not-tried') should(inDevice.has(number)).be.false();
          }
          // it comes back, and the same list again brings in what is missing
          api.faults.diesAfter = Number.POSITIVE_INFINITY;
          await api.open();
          const { counts } = await addPlates(device, many(portion * 5));
          should((counts.added ?? 0) + (counts.unchanged ?? 0)).equal(portion * 5);
          should(api.plates.plates).have.length(portion * 5);
        });
      }
    });
  }

  it('go out as the reference has it, ids of groups asked for', async () => {
    const { api, device } = await startFake({ manner: '2.1' });
    await addPlates(device, [visitor]);
    await listPlates(device, { group: 'whiteList' });
    await removePlates(device, [visitor]);
    const body = (command: string): string | undefined => api.requests.find((each) => each.command === command)?.body;
    should(body('AddLicensePlates')).equal(
      `${head}<licensePlates type="list" maxCount="100" count="1"><item><index>1</index><licensePlateNumber><![CDATA[007]]></licensePlateNumber><groupId><![CDATA[2]]></groupId></item></licensePlates></config>`,
    );
    should(body('ModifyLicensePlate')).equal(
      `${head}<licensePlate><licensePlateNumber><![CDATA[007]]></licensePlateNumber><groupId><![CDATA[2]]></groupId>` +
        '<beginTime type="string"><![CDATA[2031-01-01 00:00:00]]></beginTime><endTime type="string"><![CDATA[2031-12-31 23:59:59]]></endTime>' +
        '<carOwner type="string"><![CDATA[A. Example <&>]]></carOwner><telephone type="string"><![CDATA[555-0100]]></telephone></licensePlate></config>',
    );
    should(body('GetLicensePlates')).equal(
      `${head}<searchFilter><maxResult>50</maxResult><resultOffset>1</resultOffset><groupId><![CDATA[2]]></groupId></searchFilter></config>`,
    );
    should(body('DeleteLicensePlate')).equal(
      `${head}<deleteAction><licensePlateNumber><![CDATA[007]]></licensePlateNumber><groupId><![CDATA[2]]></groupId></deleteAction></config>`,
    );
    should((await listGroups(device)).map(({ name }) => name)).eql(['temporaryList', 'whiteList', 'blackList']);
  });

  it('go out in the older form with their list, and are found by their number', async () => {
    const { api, device } = await startFake({ manner: '2.0' });
    await addPlates(device, [visitor]);
    await removePlates(device, [visitor]);
    const [added, found, deleted] = ['AddVehiclePlate', 'GetVehiclePlate', 'DeleteVehiclePlate'].map(
      (command) => api.requests.find((each) => each.command === command)?.body,
    );
    should(added).containEql(
      '<vehiclePlates type="list" count="1"><item><carPlateNumber type="string"><![CDATA[007]]></carPlateNumber>' +
        '<beginTime type="string"><![CDATA[2031/01/01 00:00:00]]></beginTime><endTime type="string"><![CDATA[2031/12/31 23:59:59]]></endTime>',
    );
    should(added).containEql('<plateItemType type="string">whiteList</plateItemType></item></vehiclePlates>');
    should(found).containEql('<pageIndex type="uint32">0</pageIndex>');
    should(found).containEql('<carPlateNum type="string"><![CDATA[007]]></carPlateNum>');
    should(deleted).containEql('<keyList type="list" count="1"><item><keyId><![CDATA[1]]></keyId></item></keyList>');
  });

  it('are not there on a device without a plate database, and that is said', async () => {
    const { device } = await startFake({ manner: '1.9' });
    const error = await failureOf(listPlates(device, {}));
    should([error.code, error.retryable]).eql(['invalid-request', false]);
    should(error.command).equal('GetVehiclePlate');
  });
});
