/** The frame around every recorder detection: message type, recorder, channel, kind, time, overview (3.13). */
import type { Box, Size } from '../../geometry';
import type { Picture } from '../../picture';
import type { RecorderIdentity } from '../identity';
import { namespace, recorderDeclaration, writeCdata, writeMicroseconds } from './xml';

export interface RecorderPost {
  readonly recorder: RecorderIdentity;
  readonly channel: number;
  readonly timeMs: number;
  readonly source?: Picture | undefined;
}

/** Recorders name no types and do not wrap base64. */
export function writeRecorderDetection(post: RecorderPost, word: string, content: readonly string[]): string {
  const { recorder } = post;
  return `${recorderDeclaration}<config version="2.0.0" xmlns="${namespace}">
    <messageType>alarmData</messageType>
    <deviceInfo>
        <deviceName>${writeCdata(recorder.name)}</deviceName>
        <ip>${writeCdata(recorder.ip)}</ip>
        <mac>${writeCdata(recorder.mac)}</mac>
        <channelId>${post.channel}</channelId>
    </deviceInfo>
    <smartType>${word}</smartType>
    <currentTime>${writeMicroseconds(Math.floor(post.timeMs))}</currentTime>
${content.filter((part) => part !== '').join('\n')}
</config>
`;
}

export function writeRecorderSource(picture: Picture | undefined, size: Size | undefined = picture): string {
  if (picture === undefined) return '';
  const data = picture.jpeg.toString('base64');
  return `    <sourceDataInfo>
        <dataType>0</dataType>
        <width>${size?.width}</width>
        <height>${size?.height}</height>
        <sourceBase64Length>${data.length}</sourceBase64Length>
        <sourceBase64Data>${data}</sourceBase64Data>
    </sourceDataInfo>`;
}

export function writeRecorderTargetImage(picture: Picture | undefined): string {
  if (picture === undefined) return '';
  const data = picture.jpeg.toString('base64');
  return `            <targetImageData>
                <dataType>0</dataType>
                <width>${picture.width}</width>
                <height>${picture.height}</height>
                <targetBase64Length>${data.length}</targetBase64Length>
                <targetBase64Data>${data}</targetBase64Data>
            </targetImageData>
`;
}

export function writeRecorderBox({ x1, y1, x2, y2 }: Box, name = 'rect'): string {
  return `<${name}><x1>${x1}</x1><y1>${y1}</y1><x2>${x2}</x2><y2>${y2}</y2></${name}>`;
}
