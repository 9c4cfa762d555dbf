/** Heartbeats in all four forms (3.1). */
import type { CameraIdentity, RecorderIdentity } from '../identity';
import { escapeText, namespace, recorderDeclaration, writeCdata } from './xml';

/** Form A: the source address is all that tells who it was. */
export function writeEmptyHeartbeat(): string {
  return '';
}

/** Form B: another root, and a tag whose name ends in a dot. */
export function writeDeviceInfoHeartbeat(camera: CameraIdentity): string {
  return `${recorderDeclaration}<DeviceInfo>
<DeviceName>${escapeText(camera.name)}</DeviceName>
<DeviceNo.>${camera.number ?? 1}</DeviceNo.>
<SN>${writeCdata(camera.serial)}</SN>
<ipAddress>${camera.ip}</ipAddress>
<macAddress>${camera.mac}</macAddress>
</DeviceInfo>
`;
}

/** Form D: cameras with firmware 5.3.1; no XML declaration. */
export function writeCameraKeepalive(camera: CameraIdentity): string {
  return writeKeepalive('1.7', camera);
}

/** Form C: recorders; no channel, no serial number, no time. */
export function writeRecorderKeepalive(recorder: RecorderIdentity): string {
  return `${recorderDeclaration}${writeKeepalive('2.0.0', recorder)}`;
}

function writeKeepalive(version: string, device: RecorderIdentity): string {
  return `<config version="${version}" xmlns="${namespace}">
    <messageType>keepalive</messageType>
    <deviceInfo>
        <deviceName>${writeCdata(device.name)}</deviceName>
        <ip>${writeCdata(device.ip)}</ip>
        <mac>${writeCdata(device.mac)}</mac>
    </deviceInfo>
</config>
`;
}
