/** The configurations that a device has, by the names that a flow uses (reference 7.6). */

export interface ConfigCommand {
  /** Tried in this order; firmware has given some commands several names. */
  readonly get: readonly string[];
  /** In the order of `get`; absent: it can only be read. */
  readonly set?: readonly string[];
  /** The element that holds it; absent: the first one that is no list of types. */
  readonly block?: string;
  /** False where the device has one for all its channels. */
  readonly hasChannel: boolean;
  /** What is left out, and how it is written, when it is sent back. */
  readonly bareValues?: boolean;
  readonly omit?: readonly string[];
}

const smart = (word: string, block?: string): ConfigCommand => ({
  get: [`GetSmart${word}Config`],
  set: [`SetSmart${word}Config`],
  hasChannel: true,
  ...(block !== undefined && { block }),
});

const system = (...get: readonly string[]): ConfigCommand => ({ get, hasChannel: false });
const perChannel = (...get: readonly string[]): ConfigCommand => ({ get, hasChannel: true });

export const configs = {
  perimeter: {
    get: ['GetSmartPerimeterConfig', 'GetPerimeterConfig'],
    set: ['SetSmartPerimeterConfig', 'SetPerimeterConfig'],
    block: 'perimeter',
    hasChannel: true,
  },
  tripwire: {
    get: ['GetSmartTripwireConfig', 'GetTripwireConfig'],
    set: ['SetSmartTripwireConfig', 'SetTripwireConfig'],
    block: 'tripwire',
    hasChannel: true,
  },
  face: { get: ['GetSmartVfdConfig', 'GetVfdConfig'], set: ['SetSmartVfdConfig', 'SetVfdConfig'], hasChannel: true },
  vehicle: {
    get: ['GetSmartVehicleConfig', 'GetVehicleConfig'],
    set: ['SetSmartVehicleConfig', 'SetVehicleConfig'],
    block: 'vehicle',
    hasChannel: true,
  },
  'license-plate': { ...smart('LicensePlate'), hasChannel: false },
  'area-entry': smart('AoiEntry'),
  'area-leave': smart('AoiLeave'),
  'line-count': {
    get: ['GetPassLineCountConfig', 'GetSmartPassLineCountConfig', 'GetSmartCpcConfig'],
    set: ['SetPassLineCountConfig', 'SetSmartPassLineCountConfig', 'SetSmartCpcConfig'],
    hasChannel: true,
  },
  'line-count-statistics': perChannel('GetPassLineCountStatistics'),
  metadata: smart('Vsd'),
  loitering: smart('Loitering'),
  'illegal-parking': smart('Pvd'),
  temperature: { get: ['GetMeasureTemperatureConfig'], set: ['SetMeasureTemperatureConfig'], hasChannel: true },
  'left-object': {
    get: ['GetSmartOscConfig', 'GetOscConfig'],
    set: ['SetSmartOscConfig', 'SetOscConfig'],
    hasChannel: true,
  },
  exception: {
    get: ['GetSmartAvdConfig', 'GetAvdConfig'],
    set: ['SetSmartAvdConfig', 'SetAvdConfig'],
    hasChannel: true,
  },
  crowd: smart('Cdd'),
  'people-intrusion': smart('Ipd'),
  motion: { get: ['GetMotionConfig'], set: ['SetMotionConfig'], block: 'motion', hasChannel: true },
  'http-post': {
    get: ['GetHttpPostConfig'],
    set: ['SetHttpPostConfig'],
    hasChannel: false,
    bareValues: true,
    omit: ['protocolType', 'onlineStatus'],
  },
  'alarm-server': {
    get: ['GetAlarmServerConfig'],
    set: ['SetAlarmServerConfig'],
    block: 'alarmServer',
    hasChannel: false,
  },
  'alarm-status': system('GetAlarmStatus'),
  'alarm-inputs': system('GetAlarmInInfo', 'GetAlarmInList'),
  'alarm-outputs': system('GetAlarmOutList'),
  'alarm-input': { get: ['GetAlarmInConfig'], set: ['SetAlarmInConfig'], hasChannel: true },
  'alarm-output': { get: ['GetAlarmOutConfig'], set: ['SetAlarmOutConfig'], hasChannel: true },
  'alarm-trigger': { get: ['GetAlarmTriggerConfig'], set: ['SetAlarmTriggerConfig'], hasChannel: true },
  sound: { get: ['GetAudioAlarmOutConfig'], set: ['SetAudioAlarmOutConfig'], hasChannel: true },
  light: { get: ['GetWhiteLightAlarmOutConfig'], set: ['SetWhiteLightAlarmOutConfig'], hasChannel: true },
  'device-info': system('GetDeviceInfo'),
  'device-detail': system('GetDeviceDetail'),
  'supported-apis': system('GetSupportedAPIs'),
  channels: system('GetChannelInfo', 'GetChannelList'),
  disks: system('GetDiskInfo'),
  'date-and-time': { get: ['GetDateAndTime'], set: ['SetDateAndTime'], block: 'time', hasChannel: false },
  image: { get: ['GetImageConfig'], set: ['SetImageConfig'], block: 'image', hasChannel: true },
  'video-streams': {
    get: ['GetVideoStreamConfig'],
    set: ['SetVideoStreamConfig'],
    block: 'streams',
    hasChannel: true,
  },
  'stream-caps': perChannel('GetStreamCaps'),
  'audio-stream': { get: ['GetAudioStreamConfig'], set: ['SetAudioStreamConfig'], hasChannel: true },
  osd: { get: ['GetImageOsdConfig'], set: ['SetImageOsdConfig'], block: 'imageOsd', hasChannel: true },
  'privacy-mask': {
    get: ['GetPrivacyMaskConfig'],
    set: ['SetPrivacyMaskConfig'],
    block: 'privacyMask',
    hasChannel: true,
  },
  'ptz-caps': perChannel('PtzGetCaps'),
  'ptz-presets': perChannel('PtzGetPresets'),
  'ptz-cruises': perChannel('PtzGetCruises'),
  'plate-groups': system('GetLicensePlateGroups'),
  'record-types': system('GetRecordType'),
  network: system('GetNetBasicConfig'),
  ports: system('GetPortConfig'),
} as const satisfies Readonly<Record<string, ConfigCommand>>;

export type ConfigName = keyof typeof configs;

export const configNames: readonly ConfigName[] = Object.keys(configs).filter(isConfigName);

/** Blocks by which a change tells what it is for. */
const ofBlock: Readonly<Record<string, ConfigName>> = {
  perimeter: 'perimeter',
  tripwire: 'tripwire',
  vfd: 'face',
  vehicle: 'vehicle',
  aoientry: 'area-entry',
  aoileave: 'area-leave',
  passlinecount: 'line-count',
  vsd: 'metadata',
  loitering: 'loitering',
  pvd: 'illegal-parking',
  motion: 'motion',
  httppost: 'http-post',
  httppostv2: 'http-post',
  alarmserver: 'alarm-server',
  time: 'date-and-time',
  image: 'image',
  streams: 'video-streams',
  imageosd: 'osd',
  privacymask: 'privacy-mask',
  audioalarmout: 'sound',
  whitelightalarmout: 'light',
};

/** Which configuration a change is for, told by the name of its block. */
export function findConfigOfBlock(block: string): ConfigName | undefined {
  return ofBlock[block.toLowerCase()];
}

export function findConfig(name: string): ConfigName | undefined {
  const wanted = name.trim().toLowerCase();
  return configNames.find((each) => {
    const config: ConfigCommand = configs[each];
    return each === wanted || config.get.some((command) => command.toLowerCase() === wanted);
  });
}

function isConfigName(name: string): name is ConfigName {
  return Object.hasOwn(configs, name);
}

export function canWrite(name: ConfigName): boolean {
  const config: ConfigCommand = configs[name];
  return config.set !== undefined;
}

const notRepeatable =
  /^(Add|Delete|TriggerVirtualAlarm|PtzControl|PtzGotoPreset|PtzRunCruise|ModifyPassword|Upgrade|Reboot)/;

/** Whether doing it twice is as good as doing it once. */
export function isRepeatable(command: string): boolean {
  return !notRepeatable.test(command);
}
