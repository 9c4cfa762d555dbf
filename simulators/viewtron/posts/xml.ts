/** The spelling of XML that all posts share: declaration, namespace, CDATA, escapes, base64. */

/** Cameras put a blank before `?>`, recorders do not. */
export const cameraDeclaration = '<?xml version="1.0" encoding="UTF-8" ?>\n';
export const recorderDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
export const namespace = 'http://www.ipc.com/ver10';

const base64LineCharacters = 76;

export function writeCdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** `<x type="uint32">5</x>`: cameras name the type of nearly every number. */
export function writeNumber(name: string, value: number, type = 'uint32'): string {
  return `<${name} type="${type}">${value}</${name}>`;
}

export function writeString(name: string, text: string): string {
  return `<${name} type="string">${writeCdata(text)}</${name}>`;
}

/** Devices count microseconds in an unsigned 64-bit number; a negative time comes out with 20 digits (section 4). */
export function writeMicroseconds(timeMs: number): string {
  return BigInt.asUintN(64, BigInt(Math.round(timeMs * 1000))).toString();
}

/** Cameras wrap base64 at 76 characters with CR LF and no break at the end (the published lengths fit only that). */
export function wrapBase64(bytes: Buffer): string {
  const text = bytes.toString('base64');
  const lines: string[] = [];
  for (let offset = 0; offset < text.length; offset += base64LineCharacters) {
    lines.push(text.slice(offset, offset + base64LineCharacters));
  }
  return lines.join('\r\n');
}
