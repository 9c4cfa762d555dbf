/** Recorder detections with a list of their own: number plates and faces (3.15, 3.16). */
import type { Box } from '../../geometry';
import type { Picture } from '../../picture';
import type { VehicleAttributes } from '../identity';
import {
  writeRecorderBox,
  writeRecorderDetection,
  writeRecorderSource,
  writeRecorderTargetImage,
  type RecorderPost,
} from './recorder-envelope';
import { writeCdata } from './xml';

export interface RecorderPlateEvent extends RecorderPost {
  readonly targetId: number;
  readonly number: string;
  readonly plateColor?: string;
  /** A group of the recorder's database; absent = the plate is in none. */
  readonly group?: string | undefined;
  readonly owner?: string | undefined;
  /** In pixels of a picture whose size is not said; spans as much as the crop. */
  readonly plateBox: Box;
  readonly vehicle: VehicleAttributes;
  readonly target?: Picture | undefined;
}

export interface RecorderFaceEvent extends RecorderPost {
  readonly targetId: number;
  /** In pixels of the overview. */
  readonly faceBox: Box;
  readonly age: string;
  readonly sex: 'male' | 'female' | 'unknown';
  readonly glasses: 'yes' | 'no' | 'unknown';
  readonly mask: 'yes' | 'no' | 'unknown';
  readonly target?: Picture | undefined;
}

/** The firmware says 0x0 for an overview that is there. */
const unknownSize = { width: 0, height: 0 };
const unknownBox: Box = { x1: 1, y1: 0, x2: 1, y2: 0 };

export function writeRecorderPlate(event: RecorderPlateEvent): string {
  const { vehicle, plateColor = 'white' } = event;
  return writeRecorderDetection(event, 'vehicle', [
    writeRecorderSource(event.source, unknownSize),
    `    <licensePlateListInfo>
        <item>
            <targetId>${event.targetId}</targetId>
            ${writeRecorderBox(event.plateBox)}
            <licensePlateAttribute>
                <licensePlateNumber>${writeCdata(event.number)}</licensePlateNumber>
                <color>${plateColor}</color>
            </licensePlateAttribute>
${writeMatch(event)}            ${writeRecorderBox(unknownBox, 'carRect')}
            <carAttribute>
                <carType>${writeCdata(vehicle.type)}</carType>
                <color>${writeCdata(vehicle.color)}</color>
                <brand>${writeCdata(vehicle.brand)}</brand>
                <model>${writeCdata(vehicle.model)}</model>
            </carAttribute>
${writeRecorderTargetImage(event.target)}        </item>
    </licensePlateListInfo>`,
  ]);
}

export function writeRecorderFace(event: RecorderFaceEvent): string {
  return writeRecorderDetection(event, 'videoFaceDetect', [
    writeRecorderSource(event.source),
    `    <faceListInfo>
        <item>
            <targetId>${event.targetId}</targetId>
            ${writeRecorderBox(event.faceBox)}
            <age>${event.age}</age>
            <sex>${event.sex}</sex>
            <glasses>${event.glasses}</glasses>
            <mask>${event.mask}</mask>
${writeRecorderTargetImage(event.target)}        </item>
    </faceListInfo>`,
  ]);
}

function writeMatch({ group, owner }: RecorderPlateEvent): string {
  if (group === undefined) return '';
  return `            <licensePlateMatchInfo>
                <groupName>${writeCdata(group)}</groupName>
${owner === undefined ? '' : `                <carOwner>${writeCdata(owner)}</carOwner>\n`}            </licensePlateMatchInfo>
`;
}
