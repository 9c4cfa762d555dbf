/** The documents of a fake device as it comes from the factory, in the manner of its firmware (reference 6.2, 7.6 to 7.9). */

/** v1.9, v2.0 and v2.1 firmware differ in names, in what is there at all, and in how they refuse. */
export type Manner = '1.9' | '2.0' | '2.1';

export interface ApiIdentity {
  readonly name: string;
  readonly model: string;
  readonly mac: string;
  readonly serial: string;
  readonly manner: Manner;
  /** More than one: a recorder. */
  readonly channels: number;
}

const zone = (points: readonly (readonly [number, number])[]): string =>
  `<item>
      <pointGroup type="list" maxCount="8" count="${points.length}">
        <itemType><X type="uint32" min="0" max="10000"/><Y type="uint32" min="0" max="10000"/></itemType>
${points.map(([x, y]) => `        <item><X type="uint32">${x}</X><Y type="uint32">${y}</Y></item>`).join('\n')}
      </pointGroup>
    </item>`;

const filter = (names: readonly string[]): string =>
  `<objectFilter>
${names
  .map(
    (name) => `    <${name}>
      <switch type="boolean">true</switch>
      <sensitivity type="uint32" min="1" max="100" default="50">50</sensitivity>
    </${name}>`,
  )
  .join('\n')}
  </objectFilter>`;

const area = (block: string): string => `
<${block}>
  <switch type="boolean">false</switch>
  <alarmHoldTime type="uint32" min="5" max="120">20</alarmHoldTime>
  ${filter(['car', 'person', 'motor'])}
  <!-- kept by the firmware -->
  <saveTargetPicture type="boolean">true</saveTargetPicture>
  <saveSourcePicture type="boolean">true</saveSourcePicture>
  <regionInfo type="list" maxCount="4" count="1">
    ${zone([
      [1500, 4500],
      [8500, 4500],
      [9500, 9500],
      [500, 9500],
    ])}
  </regionInfo>
</${block}>`;

const timed = (block: string): string => `
<${block}>
  <switch type="boolean">false</switch>
  <timeThreshold type="uint32" min="1" max="600">30</timeThreshold>
  ${filter(['car', 'person'])}
</${block}>`;

const perimeter = area('perimeter');

const tripwire = `
<types><tripwireDirection><enum>none</enum><enum>rightortop</enum><enum>leftorbotton</enum></tripwireDirection></types>
<tripwire>
  <switch type="boolean">false</switch>
  <alarmHoldTime type="uint32" min="5" max="120">20</alarmHoldTime>
  ${filter(['car', 'person'])}
  <lineInfo type="list" maxCount="4" count="1">
    <item>
      <direction type="tripwireDirection">none</direction>
      <startPoint><X type="uint32">5000</X><Y type="uint32">4200</Y></startPoint>
      <endPoint><X type="uint32">5100</X><Y type="uint32">9800</Y></endPoint>
    </item>
  </lineInfo>
</tripwire>`;

const vehicle = (manner: Manner): string => `
<types>
  <plateAreaType><enum continent="NorthAmerica">U.S.A</enum><enum continent="Europe">Germany</enum><enum continent="Europe">Britain</enum></plateAreaType>
  <alarmListType><enum>blackList</enum><enum>whiteList</enum><enum>strangerList</enum></alarmListType>
</types>
<vehicle>
  <switch type="boolean">true</switch>
  <plateSencitivity type="uint8" min="0" max="100">60</plateSencitivity>
  <plateSupportArea type="plateAreaType">U.S.A</plateSupportArea>
  <saveTargetPicture type="boolean">true</saveTargetPicture>
  <saveSourcePicture type="boolean">true</saveSourcePicture>${
    manner === '2.0'
      ? '\n  <dedupMode><switch type="boolean">true</switch><intervalTime type="uint32" default="5">5</intervalTime></dedupMode>\n  <plateMatch><alarmMode type="alarmModeType">plateOnly</alarmMode></plateMatch>'
      : ''
  }
  <regionInfo type="list" maxCount="1" count="1"><item><X1 type="uint32">1000</X1><Y1 type="uint32">2000</Y1><X2 type="uint32">9000</X2><Y2 type="uint32">9000</Y2></item></regionInfo>
</vehicle>`;

const count = `
<passLineCount>
  <switch type="boolean">true</switch>
  ${filter(['car', 'person', 'motor'])}
  <lineInfo type="list" maxCount="1" count="1"><item><startPoint><X type="uint32">100</X><Y type="uint32">5000</Y></startPoint><endPoint><X type="uint32">9900</X><Y type="uint32">5000</Y></endPoint></item></lineInfo>
</passLineCount>`;

const image = `
<image>
  <bright type="uint8" min="0" max="100" default="50">50</bright>
  <saturation type="uint8" min="0" max="100" default="50">50</saturation>
  <contrast type="uint8" min="0" max="100" default="50">50</contrast>
  <hue type="uint8" min="0" max="100" default="50">50</hue>
  <mirrorSwitch type="boolean">false</mirrorSwitch>
  <IRCutMode type="IRCutModeType">auto</IRCutMode>
</image>`;

const streams = `
<types><bitRateType><enum>VBR</enum><enum>CBR</enum></bitRateType></types>
<streams type="list" count="2">
  <item id="1"><name type="string"><![CDATA[profile1]]></name><resolution>1920x1080</resolution><frameRate type="uint32" min="1" max="30">25</frameRate><bitRateType type="bitRateType">VBR</bitRateType><maxBitRate type="uint32" min="64" max="12288">4096</maxBitRate></item>
  <item id="2"><name type="string"><![CDATA[profile2]]></name><resolution>704x480</resolution><frameRate type="uint32" min="1" max="30">15</frameRate><bitRateType type="bitRateType">CBR</bitRateType><maxBitRate type="uint32" min="64" max="12288">512</maxBitRate></item>
</streams>`;

const motion = `
<motion>
  <switch type="boolean">true</switch>
  <sensitivity type="int32" min="0" max="8">4</sensitivity>
  <alarmHoldTime type="uint32">20</alarmHoldTime>
  <triggerAlarmOut type="list" count="1"><itemType type="boolean"/><item id="1">false</item></triggerAlarmOut>
</motion>`;

const time = (manner: Manner): string => `
<time>
  <timezoneInfo><timeZone type="string"><![CDATA[EST5EDT4,M3.2.0/2,M11.1.0/2]]></timeZone>${
    manner === '1.9' ? '<daylightSwitch type="boolean">true</daylightSwitch>' : ''
  }</timezoneInfo>
  <synchronizeInfo>
    <type type="synchronizeType">NTP</type>
    <ntpServer type="string" maxLen="127"><![CDATA[pool.example.com]]></ntpServer>
    <ntpSyncInterval type="uint32" min="30" max="10080">1440</ntpSyncInterval>
    <currentTime type="string"><![CDATA[2031-02-03 04:05:06]]></currentTime>
  </synchronizeInfo>
</time>`;

const alarmServer = `
<alarmServer>
  <serverAddr type="string"><![CDATA[]]></serverAddr>
  <serverPort type="uint32" min="1" max="65535" default="8010">8010</serverPort>
  <enableHeartbeat type="boolean">false</enableHeartbeat>
  <heartbeatInterval type="uint32" min="10" max="1800" default="30">30</heartbeatInterval>
</alarmServer>`;

const deterrent = (block: string): string => `
<${block}>
  <switch type="boolean">false</switch>
  <alarmHoldTime type="uint32" min="5" max="60">10</alarmHoldTime>
</${block}>`;

/** Each configuration by the word between `Get` and `Config`, or by the command itself. */
export function writeConfigs(identity: ApiIdentity): ReadonlyMap<string, string> {
  const { manner } = identity;
  return new Map([
    ['SmartPerimeter', perimeter],
    ['SmartTripwire', tripwire],
    ['SmartVfd', area('vfd')],
    [manner === '2.1' ? 'SmartLicensePlate' : 'SmartVehicle', manner === '2.1' ? licensePlate : vehicle(manner)],
    ['SmartAoiEntry', area('aoiEntry')],
    ['SmartAoiLeave', area('aoiLeave')],
    // firmware has given it three names (reference 7.9)
    [manner === '1.9' ? 'SmartCpc' : manner === '2.0' ? 'PassLineCount' : 'SmartPassLineCount', count],
    ['SmartVsd', area('vsd')],
    ['SmartLoitering', timed('loitering')],
    ['SmartPvd', timed('pvd')],
    ...(manner === '1.9' ? [] : ([['MeasureTemperature', timed('measureTemperature')]] as const)),
    ['SmartOsc', area('osc')],
    ['SmartAvd', timed('avd')],
    ['SmartCdd', timed('cdd')],
    ['SmartIpd', timed('ipd')],
    ['Motion', motion],
    ['Image', image],
    ['VideoStream', streams],
    ['AlarmServer', alarmServer],
    ['AudioAlarmOut', deterrent('audioAlarmOut')],
    ['WhiteLightAlarmOut', deterrent('whiteLightAlarmOut')],
    [
      'AlarmIn',
      '\n<sensor><id>1</id><sensorName type="string" maxLen="11"><![CDATA[door]]></sensorName><switch type="boolean">true</switch></sensor>',
    ],
    [
      'AlarmOut',
      '\n<alarmOut><name type="string"><![CDATA[gate]]></name><holdTime type="uint32">20</holdTime></alarmOut>',
    ],
    ['AlarmTrigger', '\n<alarmTrigger><snapSwitch type="boolean">true</snapSwitch></alarmTrigger>'],
    [
      'ImageOsd',
      '\n<imageOsd><time><switch type="boolean">true</switch><X type="uint32">10</X><Y type="uint32">20</Y></time><channelName><switch type="boolean">true</switch><X type="uint32">30</X><Y type="uint32">40</Y><name type="string" maxLen="19"><![CDATA[camera]]></name></channelName></imageOsd>',
    ],
    [
      'PrivacyMask',
      '\n<privacyMask type="list" count="1"><item><switch type="boolean">false</switch><rectangle><X type="uint32">0</X><Y type="uint32">0</Y><width type="uint32">10</width><height type="uint32">10</height></rectangle></item></privacyMask>',
    ],
    [
      'AudioStream',
      '\n<audioStream><audioInSwitch type="boolean">true</audioInSwitch><volume><micInVolume type="uint32" min="0" max="100">50</micInVolume></volume></audioStream>',
    ],
    ['DateAndTime', time(manner)],
    ['NetBasic', '\n<netBasic><dhcp type="boolean">true</dhcp></netBasic>'],
    ['Port', '\n<port><httpPort type="uint16">80</httpPort><rtspPort type="uint16">554</rtspPort></port>'],
  ]);
}

const licensePlate = `
<licensePlate>
  <switch type="boolean">true</switch>
  <direction type="string">noLimit</direction>
</licensePlate>`;

/** Answers that nothing changes, by command. */
export function writeFixed(identity: ApiIdentity, commands: () => readonly string[]): ReadonlyMap<string, string> {
  const { name, model, mac, serial, manner, channels } = identity;
  const isRecorder = channels > 1;
  const numbers = Array.from({ length: channels }, (_each, index) => index + 1);
  const info = `
<deviceInfo>
  <deviceName type="string"><![CDATA[${name}]]></deviceName>
  <deviceDescription type="string"><![CDATA[${manner === '1.9' && !isRecorder ? 'IPCamera' : model}]]></deviceDescription>${
    manner === '1.9' ? '' : `\n  <apiVersion type="string"><![CDATA[${manner}.0]]></apiVersion>`
  }
  <softwareVersion type="string"><![CDATA[${manner === '2.1' ? '5.3.1' : '5.1.4'}.0]]></softwareVersion>
  <model type="string"><![CDATA[${model}]]></model>
  <brand type="string"><![CDATA[Viewtron]]></brand>
  <mac type="string"><![CDATA[${mac}]]></mac>
  <sn type="string"><![CDATA[${serial}]]></sn>
  <chlMaxCount type="uint32">${isRecorder ? channels : 9}</chlMaxCount>
  <alarmOutCount type="uint32">1</alarmOutCount>
  <integratedPtz type="boolean">true</integratedPtz>
</deviceInfo>`;
  const alarms = `
<alarmStatusInfo>
  <motionAlarm type="boolean" id="1">false</motionAlarm>
  <motionAlarm type="boolean" id="2">true</motionAlarm>
  <sensorAlarmIn type="list" count="2"><itemType type="boolean"/><item id="1">false</item><item id="2">false</item></sensorAlarmIn>
  <perimeterAlarm type="boolean">false</perimeterAlarm>
  <vehicleAlarm type="boolean" id="1">false</vehicleAlarm>
</alarmStatusInfo>`;
  const state = manner === '1.9' ? 'diskStatus' : 'status';
  const disks = `
<diskInfo type="list" count="1"><item><id>1</id><totalSpace type="uint32">61000</totalSpace><freeSpace type="uint32">1200</freeSpace><${state} type="diskStatusType">read/write</${state}></item></diskInfo>`;
  const all: (readonly [string, string])[] = [
    ['GetDeviceInfo', info],
    ['GetAlarmStatus', alarms],
    ['GetDiskInfo', disks],
    [
      'PtzGetCaps',
      '\n<caps><controlMinSpeed type="uint32">1</controlMinSpeed><controlMaxSpeed type="uint32">8</controlMaxSpeed><presetMaxCount type="uint32">255</presetMaxCount></caps>',
    ],
    ['PtzGetCruises', '\n<cruiseInfo type="list" count="1"><item id="1"><![CDATA[round]]></item></cruiseInfo>'],
    [
      'GetRecordType',
      '\n<recTypeCaps type="list" count="2"><itemType type="recType"/><item>manual</item><item>motion</item></recTypeCaps>',
    ],
    [
      'GetStreamCaps',
      '\n<rtspPort type="uint16">554</rtspPort><streamList type="list" count="1"><item><streamName type="string"><![CDATA[profile1]]></streamName></item></streamList>',
    ],
  ];
  if (!isRecorder) {
    all.push([
      'GetDeviceDetail',
      `\n<detail><property><apiVersion type="string"><![CDATA[1.7]]></apiVersion></property><smart><supportPerimeter type="boolean">true</supportPerimeter><supportvehicle type="boolean">true</supportvehicle></smart></detail>`,
    ]);
  }
  if (manner === '1.9') {
    // items beside their list (reference 7.3)
    if (isRecorder) {
      const items = numbers.map(
        (number) => `<item channelStatus="${number === channels ? 'offline' : 'online'}">${number}</item>`,
      );
      all.push([
        'GetChannelList',
        `\n<channelIDList type="list" count="${channels}"></channelIDList><itemType type="uint32"/>${items.join('')}`,
      ]);
      all.push([
        'GetAlarmInList',
        '\n<alarmInIDList type="list" count="2"/><itemType type="uint32"/><item>1</item><item>2</item>',
      ]);
      all.push(['GetAlarmOutList', '\n<alarmOutIDList type="list" count="1"/><itemType type="uint32"/><item>1</item>']);
    }
  } else {
    const items = numbers.map(
      (number) =>
        `<item><channelId>${number}</channelId><name type="string"><![CDATA[Channel ${number}]]></name><status>online</status><attribute>Normal</attribute></item>`,
    );
    all.push(['GetChannelInfo', `\n<channelList type="list" count="${channels}">${items.join('')}</channelList>`]);
    all.push([
      'GetAlarmInInfo',
      '\n<alarmInInfoList type="list" count="2"><item><id>1</id><alarmInType>local</alarmInType></item><item><id>17</id><alarmInType>virtual</alarmInType></item></alarmInInfoList>',
    ]);
    all.push(['GetAlarmOutList', '\n<alarmOutIDList type="list" count="1"><item>1</item></alarmOutIDList>']);
    all.push([
      'GetPassLineCountStatistics',
      '\n<entranceCount><person type="uint32">12</person><car type="uint32">3</car><bike type="uint32">0</bike></entranceCount><exitCount><person type="uint32">9</person><car type="uint32">1</car><bike type="uint32">0</bike></exitCount>',
    ]);
    // its count does not match, and names repeat (reference 7.5)
    const names = commands().map((command) => `<item>${command}</item>`);
    all.push([
      'GetSupportedAPIs',
      `\n<applicationInterfaces type="list" count="7">${names.join('')}${names[0] ?? ''}</applicationInterfaces>`,
    ]);
  }
  return new Map(all);
}
