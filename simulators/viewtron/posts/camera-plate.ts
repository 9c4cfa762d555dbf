/** Number plates from a camera, in the two generations of the `VEHICE` post (3.9). */
import { fullScale, type Box, type Size } from '../../geometry';
import type { Picture } from '../../picture';
import type { PlateList, VehicleAttributes } from '../identity';
import {
  writeCameraDetection,
  writeList,
  writePoint,
  writeSource,
  writeTargetImage,
  writeUptime,
  type CameraPost,
} from './camera-envelope';
import { escapeText, writeNumber, writeString } from './xml';

export interface OldPlateEvent extends CameraPost {
  readonly number: string;
  readonly list?: PlateList | undefined;
  readonly overview?: Picture | undefined;
  readonly crop?: Picture | undefined;
}

export interface PlateEvent extends OldPlateEvent {
  readonly vehicleId: number;
  readonly direction: 'approach' | 'away';
  /** Percent, two digits behind the point; sent in hundredths. */
  readonly confidence: number;
  /** The plate in the overview, 0 to 10000. */
  readonly plateBox: Box;
  /** Size of the overview, sent even where no overview is. */
  readonly overviewSize: Size;
  readonly vehicle: VehicleAttributes;
}

const noSize: Size = { width: 0, height: 0 };
/** The values seen in `carRect` fit a frame of this size. */
const carFrame: Size = { width: 1920, height: 1080 };

/** Item 1 is the overview, item 2 the plate; the overview comes a second time in sourceDataInfo. */
export function writeOldPlate(event: OldPlateEvent): string {
  const { firmware, number, list, overview, crop } = event;
  const items = [
    `<item>\n${overview === undefined ? '' : `${writeTargetImage(firmware, 'car', overview)}\n`}</item>`,
    `<item>
${writeString('plateNumber', number)}
${list === undefined ? '' : `<vehicleListType type="string">${list}</vehicleListType>\n`}${
      crop === undefined ? '' : `${writeTargetImage(firmware, 'car', crop)}\n`
    }</item>`,
  ];
  const content = [writeUptime(event), writeList('listInfo', items), writeSource(overview)];
  return writeCameraDetection(event, 'VEHICE', content);
}

/** Firmware 5.3.1: no sourceDataInfo; confidence and colours are attributes of empty elements. */
export function writePlate(event: PlateEvent): string {
  const items = [writeOverviewItem(event), writePlateItem(event)];
  return writeCameraDetection(event, 'VEHICE', [writeNumber('plateCount', 1), writeList('listInfo', items)]);
}

function writeOverviewItem({ firmware, overview, overviewSize }: PlateEvent): string {
  return `<item>
<image type="uint32">0</image>
<vehiceId type="uint32">0</vehiceId>
${writeString('plateNumber', '')}
<plateCharCount type="uint32">0</plateCharCount>
${writeSourceSize(overviewSize)}
<PlateConfidence type="uint32" count="0"/>
${overview === undefined ? '' : `${writeTargetImage(firmware, '', overview, noSize)}\n`}</item>`;
}

function writePlateItem(event: PlateEvent): string {
  const { firmware, number, list, crop, plateBox, vehicle, overviewSize } = event;
  const plateWidth = toPixels(plateBox.x2 - plateBox.x1, overviewSize.width);
  const plateHeight = toPixels(plateBox.y2 - plateBox.y1, overviewSize.height);
  return `<item>
<image type="uint32">1</image>
${writeNumber('vehiceId', event.vehicleId)}
${writeString('plateNumber', number)}
${writeNumber('plateCharCount', number.length)}
<vehicleDirect type="vehicleDirectType">${event.direction}</vehicleDirect>
${list === undefined ? '' : `<vehicleListType type="vehileMatchAlarmList">${list}</vehicleListType>\n`}${writeNumber('PlateWidth', plateWidth)}
${writeNumber('PlateHeight', plateHeight)}
${writeSourceSize(overviewSize)}
${writePoint('leftTop', { x: plateBox.x1, y: plateBox.y1 })}
${writePoint('rightTop', { x: plateBox.x2, y: plateBox.y1 })}
${writePoint('leftBottom', { x: plateBox.x1, y: plateBox.y2 })}
${writePoint('rightBottom', { x: plateBox.x2, y: plateBox.y2 })}
<PlateConfidence type="uint32" count="${Math.round(event.confidence * 100)}"/>
<plateColor type="uint32" count="3"/>
<plateColorRate type="uint32" count="0"/>
<plateStyle type="uint32" count="1"/>
<vehiceColor type="uint32" count="0"/>
<plateAngleH type="uint32" count="0"/>
<plateAngleV type="uint32" count="0"/>
<province type="string"></province>
<carAttr>
<color type="vsdCarAttrColorType">${escapeText(vehicle.color)}</color>
<type type="vsdCarAttrTypeType">${escapeText(vehicle.type)}</type>
<brand type="vsdCarAttrBrandType">${escapeText(vehicle.brand)}</brand>
<model type="vsdCarAttrModelType">${escapeText(vehicle.model)}</model>
</carAttr>
${writeCarBox(plateBox)}
${crop === undefined ? '' : `${writeTargetImage(firmware, 'car', crop)}\n`}</item>`;
}

/** The vehicle around the plate. `y` came as an empty element in every capture. */
function writeCarBox(plate: Box): string {
  const plateWidth = toPixels(plate.x2 - plate.x1, carFrame.width);
  const x = Math.max(0, toPixels(plate.x1, carFrame.width) - plateWidth);
  const height = toPixels(plate.y2, carFrame.height);
  return `<carRect>${writeNumber('x', x)}<y type="uint32"/>${writeNumber('width', plateWidth * 3)}${writeNumber('height', height)}</carRect>`;
}

function writeSourceSize({ width, height }: Size): string {
  return `${writeNumber('SourceImageWidth', width)}\n${writeNumber('SourceImageHeight', height)}`;
}

function toPixels(share: number, pixels: number): number {
  return Math.round((share / fullScale) * pixels);
}
