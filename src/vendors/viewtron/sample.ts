/** Posts as a camera would send them, with invented values, for people who try a node. */
import type { Post } from '../../http/receiver';
import { toPost } from '../../sample';

/** A street, a car and its plate, 96 by 54 pixels. */
const picture =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wCEAEMuMjoyKkM6NjpLR0NPZKZsZFxcZMySmnmm8dT++u3U6eX//////////+Xp////////' +
  '//////////////////8BR0tLZFdkxGxsxP//6f//////////////////////////////////////////////////////////////' +
  '///////AABEIADYAYAMBEQACEQEDEQH/xAGiAAABBQEBAQEBAQAAAAAAAAAAAQIDBAUGBwgJCgsQAAIBAwMCBAMFBQQEAAABfQEC' +
  'AwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm' +
  'Z2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq' +
  '8fLz9PX29/j5+gEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoLEQACAQIEBAMEBwUEBAABAncAAQIDEQQFITEGEkFRB2FxEyIy' +
  'gQgUQpGhscEJIzNS8BVictEKFiQ04SXxFxgZGiYnKCkqNTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqCg4SF' +
  'hoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2dri4+Tl5ufo6ery8/T19vf4+fr/2gAMAwEA' +
  'AhEDEQA/AJaokKACgAoAKACgAoAKACgAoAKACgAoAKACgAoATev94fnQAb1/vD86ADev94fnQAb1/vD86AFBBGQc0AFABQAUAN8x' +
  'fWgYeYvrQAeYvrQAjOpQjPagCtQAUAFABQBPE6iMAmgB/mL60AHmL60AHmL60AQVIwoAKAA9KAGVQgoAKACgB69KQwpAFABQAUAF' +
  'ABQAHpQAyqEX/tMX9/8AQ1Nhh9pi/v8A6GiwFCqEPXpSGFIAoAKACgAoAKACgAwKYBgUAGBQAYFABSAKACgAoAKACgAoAKACgAoA' +
  'KACgAoAKACgAoA//2Q==';

/** A plate with its picture, a person in a zone, motion, an alarm input: the first that a node's filter wants will do. */
export function samples(nowMs: number): readonly Post[] {
  const send = (smartType: string, content: string): Post => {
    const body = `<?xml version="1.0" encoding="UTF-8" ?>
<config version="1.7" xmlns="http://www.ipc.com/ver10">
<smartType type="openAlramObj">${smartType}</smartType>
<subscribeOption type="subscribeRelation">FEATURE_RESULT</subscribeOption>
<currentTime type="tint64">${nowMs * 1000}</currentTime>
<mac type="string"><![CDATA[00:00:5e:00:53:01]]></mac>
<sn type="string"><![CDATA[TEST]]></sn>
<deviceName type="string"><![CDATA[Test camera]]></deviceName>
${content}
</config>`;
    return toPost({ contentType: 'application/xml; charset=utf-8', body }, nowMs);
  };
  return [send('VEHICE', plate), ...['person', 'car'].map((type) => send('PEA', intrusion(type))), send('MOTION', '')];
}

const image = (type: string): string => `<targetImageData>
<dataType type="uint32">0</dataType>
<targetType type="targetType">${type}</targetType>
<width type="tuint32">96</width><height type="tuint32">54</height>
<targetBase64Length type="uint32">${picture.length}</targetBase64Length>
<targetBase64Data type="string"><![CDATA[${picture}]]></targetBase64Data>
</targetImageData>`;

/** Cameras send the scene as the first item, and the plate as the second (reference 3.9). */
const plate = `<plateCount type="uint32">1</plateCount>
<listInfo type="list" count="2">
<item>
<image type="uint32">0</image>
<plateNumber type="string"><![CDATA[]]></plateNumber>
${image('')}
</item>
<item>
<image type="uint32">1</image>
<vehiceId type="uint32">1</vehiceId>
<plateNumber type="string"><![CDATA[TEST123]]></plateNumber>
<vehicleDirect type="vehicleDirectType">approach</vehicleDirect>
<leftTop><x type="uint32">4160</x><y type="uint32">5920</y></leftTop>
<rightTop><x type="uint32">5830</x><y type="uint32">5920</y></rightTop>
<leftBottom><x type="uint32">4160</x><y type="uint32">7040</y></leftBottom>
<rightBottom><x type="uint32">5830</x><y type="uint32">7040</y></rightBottom>
<PlateConfidence type="uint32" count="9900"/>
${image('car')}
</item>
</listInfo>`;

const corners = [
  [600, 1200],
  [9400, 1200],
  [9400, 8800],
  [600, 8800],
];

const intrusion = (type: string): string => `<perimeter>
<perInfo type="list" count="1">
<item>
<eventId type="uint32">1</eventId>
<targetId type="uint32">1</targetId>
<status type="perStatus">SMART_START</status>
<boundary type="list" count="4">
${corners.map(([x, y]) => `<item><point><x type="uint32">${x}</x><y type="uint32">${y}</y></point></item>`).join('')}
</boundary>
<rect><x1 type="uint32">3100</x1><y1 type="uint32">2200</y1><x2 type="uint32">4300</x2><y2 type="uint32">7700</y2></rect>
</item>
</perInfo>
</perimeter>
<listInfo type="list" count="1">
<item>
<targetId type="tuint32">1</targetId>
<rect><x1 type="uint32">3100</x1><y1 type="uint32">2200</y1><x2 type="uint32">4300</x2><y2 type="uint32">7700</y2></rect>
<targetImageData><targetType type="targetType">${type}</targetType></targetImageData>
</item>
</listInfo>`;
