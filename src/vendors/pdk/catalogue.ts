/** What PDK's topics mean, one line each (reference 5.4); the state of a condition that lasts is that of its kind. */
import type { Category } from '../../event';

/** A subscription holds topics of one family only. The prefix `panel.` is in both, so the exact topic decides. */
export type Family = 'panel' | 'organization';

/** Topic, category, kind, `start` or `stop` of what lasts, meaning for people. */
export type TopicRow = readonly [
  topic: string,
  category: Category,
  kind: string,
  state: 'start' | 'stop' | '',
  meaning: string,
];

export interface TopicGroup {
  readonly family: Family;
  readonly name: string;
  readonly topics: readonly TopicRow[];
}

/** All 70, each in one group, in the order in which a dialog shows them. */
export const topicGroups: readonly TopicGroup[] = [
  {
    family: 'panel',
    name: 'access',
    topics: [
      ['door.input.virtualread', 'access', 'virtual-read', '', 'Credential scan emulated by software, e.g. mobile app'],
      ['door.request.allowed', 'access', 'access-granted', '', 'Credential holder was granted access'],
      ['door.request.denied', 'access', 'access-denied', '', 'Recognized holder was refused because of a deny rule'],
      ['door.request.duress', 'access', 'access-duress', '', 'Holder was granted access with a duress PIN'],
      ['door.request.found', 'access', 'person-recognized', '', 'Credential holder was recognized'],
      [
        'door.request.multiallowed',
        'access',
        'access-multi-granted',
        '',
        'Holder was granted access after several scans in a row',
      ],
      ['door.request.unknown', 'access', 'credential-unknown', '', 'Credential was presented but no holder matches it'],
    ],
  },
  {
    family: 'panel',
    name: 'door',
    topics: [
      ['door.input.dps.closed', 'door', 'door-open', 'stop', 'Position sensor reports the door closed'],
      ['door.input.dps.opened', 'door', 'door-open', 'start', 'Position sensor reports the door open'],
      ['door.input.relay.off', 'door', 'door-unlocked', 'stop', 'Device output went to its closed (locked) state'],
      ['door.input.relay.on', 'door', 'door-unlocked', 'start', 'Device output went to its opened (unlocked) state'],
      ['door.input.rex.off', 'door', 'exit-requested', 'stop', 'Request-to-exit button released'],
      ['door.input.rex.on', 'door', 'exit-requested', 'start', 'Request-to-exit button pressed'],
    ],
  },
  {
    family: 'panel',
    name: 'alarm',
    topics: [
      ['door.alarm.forced', 'alarm', 'door-forced', 'start', 'Door or gate with a position sensor was forced open'],
      ['door.alarm.forced.cleared', 'alarm', 'door-forced', 'stop', 'Forced-open alarm ended'],
      [
        'door.alarm.propped.alloff',
        'alarm',
        'all-doors-propped',
        'stop',
        'Prop alarms cleared on every device at once',
      ],
      ['door.alarm.propped.off', 'alarm', 'door-propped', 'stop', 'Prop alarm ended for one device'],
      [
        'door.alarm.propped.on',
        'alarm',
        'door-propped',
        'start',
        'Door or gate with a position sensor was left (propped) open',
      ],
    ],
  },
  {
    family: 'panel',
    name: 'control',
    topics: [
      ['door.autoopen.off', 'door', 'auto-open', 'stop', 'Auto open became inactive'],
      ['door.autoopen.on', 'door', 'auto-open', 'start', 'Auto open became active'],
      ['door.autoopen.override.off', 'door', 'auto-open-override', 'stop', 'Override of auto open ended'],
      ['door.autoopen.override.on', 'door', 'auto-open-override', 'start', 'Auto open is being overridden'],
      ['door.forceclose.off', 'door', 'force-close', 'stop', 'Force close ended'],
      ['door.forceclose.on', 'door', 'force-close', 'start', 'Force close started'],
      ['door.forceopen.off', 'door', 'force-open', 'stop', 'Force open ended'],
      ['door.forceopen.on', 'door', 'force-open', 'start', 'Force open started'],
    ],
  },
  {
    family: 'panel',
    name: 'controller',
    topics: [
      ['endpoint.added', 'config', 'controller-added', '', 'Controller added'],
      ['endpoint.alarm.comloss.off', 'health', 'controller-offline', 'stop', 'Link to a controller was restored'],
      ['endpoint.alarm.comloss.on', 'health', 'controller-offline', 'start', 'Link to a controller was lost'],
      ['endpoint.deleted', 'config', 'controller-deleted', '', 'Controller deleted'],
      ['endpoint.input.bh.state', 'health', 'battery-health', '', 'Basic battery-health report of a controller'],
      ['endpoint.input.lp.off', 'health', 'low-power', 'stop', 'Controller left low-power mode'],
      ['endpoint.input.lp.on', 'health', 'low-power', 'start', 'Controller entered low-power mode'],
      ['endpoint.input.pb.connected', 'health', 'battery-disconnected', 'stop', 'Battery connected to a controller'],
      [
        'endpoint.input.pb.disconnected',
        'health',
        'battery-disconnected',
        'start',
        'Battery disconnected from a controller',
      ],
      ['endpoint.input.pb.status', 'health', 'battery-status', '', 'Detailed battery report of a controller'],
      ['endpoint.input.pi.off', 'health', 'input-power-lost', 'start', 'Controller lost its input power'],
      ['endpoint.input.pi.on', 'health', 'input-power-lost', 'stop', 'Controller input power connected'],
      ['endpoint.input.pi.status', 'health', 'input-power-status', '', 'Input-power report of a controller'],
      ['endpoint.input.po.absent', 'health', 'overcurrent', 'stop', 'Overcurrent on a controller is gone'],
      ['endpoint.input.po.present', 'health', 'overcurrent', 'start', 'Overcurrent detected on a controller'],
      ['endpoint.input.pp.status', 'health', 'peripheral-power-status', '', 'Peripheral-power report of a controller'],
    ],
  },
  {
    family: 'panel',
    name: 'entity',
    topics: [
      ['entity.added', 'config', 'entity-added', '', 'An entity (e.g. a person) was created'],
      [
        'entity.modified',
        'config',
        'entity-modified',
        '',
        'An entity was changed, including group, rule and credential changes',
      ],
      ['entity.removed', 'config', 'entity-removed', '', 'An entity was deleted'],
    ],
  },
  {
    family: 'panel',
    name: 'notification',
    topics: [
      [
        'notification.client.command',
        'config',
        'client-command',
        '',
        'A command was sent over the WebSocket (streaming) connection',
      ],
      ['notification.device.created', 'config', 'door-created', '', 'Device created'],
      ['notification.device.deleted', 'config', 'door-deleted', '', 'Device deleted'],
      ['notification.device.updated', 'config', 'door-updated', '', 'Device settings changed'],
      ['notification.intercom.created', 'config', 'intercom-created', '', 'Intercom created'],
      ['notification.intercom.deleted', 'config', 'intercom-deleted', '', 'Intercom deleted'],
      ['notification.intercom.updated', 'config', 'intercom-updated', '', 'Intercom changed'],
      ['notification.person.created', 'config', 'person-created', '', 'Person created'],
      ['notification.person.deleted', 'config', 'person-deleted', '', 'Person deleted'],
      [
        'notification.person.updated',
        'config',
        'person-updated',
        '',
        'Person record changed (not credentials, groups or rules)',
      ],
    ],
  },
  {
    family: 'panel',
    name: 'error',
    topics: [
      ['error.card.parse', 'health', 'card-unreadable', '', 'A custom card format failed to process a card'],
      [
        'error.packetized.protocol',
        'health',
        'bluetooth-credential-failed',
        '',
        'Bluetooth credential processing failed',
      ],
      ['floorgroup.activated', 'access', 'floor-group-activated', '', 'Elevator floor group activated'],
    ],
  },
  {
    family: 'panel',
    name: 'connectivity',
    topics: [
      ['panel.connected', 'health', 'panel-offline', 'stop', 'Cloud node came online'],
      ['panel.disconnected', 'health', 'panel-offline', 'start', 'Cloud node went offline'],
    ],
  },
  {
    family: 'organization',
    name: 'ou',
    topics: [
      ['ou.created', 'config', 'organization-created', '', 'Organization created'],
      ['ou.deleted', 'config', 'organization-deleted', '', 'Organization deleted'],
      ['ou.updated', 'config', 'organization-updated', '', 'Organization settings changed'],
    ],
  },
  {
    family: 'organization',
    name: 'panel',
    topics: [
      ['panel.created', 'config', 'panel-created', '', 'Cloud node registered with an organization'],
      ['panel.deleted', 'config', 'panel-deleted', '', 'Cloud node removed from an organization'],
      ['panel.updated', 'config', 'panel-updated', '', 'Cloud node record changed'],
    ],
  },
  {
    family: 'organization',
    name: 'permission',
    topics: [
      ['permission.accepted', 'config', 'permission-accepted', '', 'Invited user accepted a permission invitation'],
      [
        'permission.created',
        'config',
        'permission-created',
        '',
        'Permission created (the user may not have an account yet)',
      ],
      ['permission.deleted', 'config', 'permission-deleted', '', 'Permission revoked'],
      ['permission.updated', 'config', 'permission-updated', '', 'Permission changed, e.g. its role'],
    ],
  },
];

/** Topics of generation 2.0 that 1.0 has no word for, written with the words of 1.0 (reference 9). */
export const laterTopics: readonly TopicRow[] = [
  ['door.request.filtered', 'access', 'access-denied', '', 'Refused by the facility code of the card'],
  ['door.request.ecard.allowed', 'access', 'access-granted', '', 'Emergency card was granted access'],
  ['door.request.ecard.denied', 'access', 'access-denied', '', 'Emergency card was refused'],
  ['door.alarm.circuitbreaker.on', 'alarm', 'circuit-breaker', 'start', 'Relay circuit is unstable'],
  ['door.alarm.circuitbreaker.off', 'alarm', 'circuit-breaker', 'stop', 'Relay circuit is stable again'],
  ['endpoint.input.time.unknown.enter', 'health', 'time-unknown', 'start', 'Controller does not know the time'],
  ['endpoint.input.time.unknown.exit', 'health', 'time-unknown', 'stop', 'Controller knows the time again'],
];
