/** A crowded picture is told whole: fifty targets, each with its zone and its place in the picture. */
import should from 'should';
import { receive } from '../../../src/vendors/viewtron/receive';
import { makePost, openOptions, wrapConfig } from '../../support/events';

function numbers(names: string, value: number): string {
  return names
    .split(' ')
    .map((name) => `<${name} type="uint32">${value}</${name}>\r\n`)
    .join('');
}

function repeat(count: number, write: (number: number) => string): string {
  return Array.from({ length: count }, (_, number) => `<item>\r\n${write(number)}</item>\r\n`).join('');
}

/** As a camera writes it: every number with its type, every element on a line of its own. */
function crowd(count: number, corners = 8): Buffer {
  const rect = `<rect>\r\n${numbers('x1 y1', 1000)}${numbers('x2 y2', 3000)}</rect>\r\n`;
  const points = repeat(corners, (corner) => `<point>\r\n${numbers('x y', 1000 + 500 * corner)}</point>\r\n`);
  const entries = repeat(
    count,
    (number) =>
      `${numbers('eventId targetId', number)}<status type="perStatus">SMART_START</status>\r\n` +
      `<boundary type="list" count="${corners}">\r\n${points}</boundary>\r\n${rect}`,
  );
  const targets = repeat(
    count,
    (number) =>
      `${numbers('targetId', number)}${rect}<targetImageData>\r\n<targetType type="targetType">person</targetType>\r\n` +
      numbers('dataType Width Height targetBase64Length', 288) +
      '<targetBase64Data type="string"><![CDATA[/9j/4AAQ]]></targetBase64Data>\r\n</targetImageData>\r\n',
  );
  return Buffer.from(
    wrapConfig(
      '<smartType>PEA</smartType><currentTime>1927857906123456</currentTime>' +
        `<perimeter><perInfo type="list" count="${count}">${entries}</perInfo></perimeter>` +
        `<listInfo type="list" count="${count}">${targets}</listInfo>`,
    ),
  );
}

describe('a crowded post', () => {
  for (const count of [22, 50]) {
    it(`of ${count} targets is ${count} events, each with its target and its zone`, () => {
      const { events, error } = receive(makePost(crowd(count)), { ...openOptions, pictures: 'buffer' });
      should(error).be.undefined();
      should(events.map(({ targets }) => targets.map(({ id, type }) => `${id} ${type}`).join())).deepEqual(
        Array.from({ length: count }, (_, number) => `${number} person`),
      );
      should(events.every(({ rule, images }) => rule?.points?.length === 8 && images.length === 1)).be.true();
    });
  }

  it('of more than 100 targets is 100 events and an error that says so', () => {
    const { events, error } = receive(makePost(crowd(101, 0)), openOptions);
    should(events).have.length(100);
    should(error?.code).equal('too-many-events');
    should(error?.message).match(/more than 100/);
  });
});
