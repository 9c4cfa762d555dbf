/** Flows that the editor tests start from. */
import type { FlowNode } from './browser';

const tabId = '1111111111111111';
export const listenerId = '2222222222222222';
export const nodeId = '3333333333333333';

export const tab: FlowNode = { id: tabId, type: 'tab', label: 'Gate' };

export const tlsId = '4444444444444444';

/** A certificate that is asked for by its name only. */
export const tls: FlowNode = { id: tlsId, type: 'tls-config', name: 'site certificate', verifyservercert: true };

/** On Node-RED's own web server, so that no test opens a port; as it was saved before there were rules and limits. */
export function listener(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  const defaults = { name: 'front door', version: 1, door: 'nodered', host: '', port: '5050' };
  return { ...defaults, ...settings, id: listenerId, type: 'security-listener' };
}

/** As it was saved before it could say who may call. */
export function viewtronIn(settings: Readonly<Record<string, unknown>> = {}): FlowNode {
  return {
    name: '',
    version: 1,
    listener: listenerId,
    path: '/cameras',
    categories: ['plate', 'face', 'intrusion', 'counting', 'object', 'motion', 'tamper', 'alarm', 'health', 'other'],
    alarmStates: true,
    heartbeats: false,
    tracking: 'rate',
    trackingRate: 2,
    targetTypes: ['person', 'vehicle', 'motorcycle', 'unknown'],
    cameras: '',
    plateLists: '',
    minConfidence: '',
    direction: '',
    pictures: 'buffer',
    preview: false,
    timeZone: '',
    dateOrder: 'month-first',
    watchMisses: 3,
    dedupeSeconds: 60,
    split: false,
    outputCategories: [],
    outputs: 1,
    wires: [[]],
    ...settings,
    id: nodeId,
    type: 'viewtron-in',
    z: tabId,
    x: 200,
    y: 200,
  };
}

/** A debug node named for what it should get. */
export function debug(name: string, row: number): FlowNode {
  return {
    id: debugId(name),
    type: 'debug',
    z: tabId,
    name,
    active: false,
    tosidebar: true,
    console: false,
    tostatus: false,
    complete: 'false',
    x: 480,
    y: 80 + 40 * row,
    wires: [],
  };
}

/** 16 hex digits, as the editor makes them: the letters' codes. */
export function debugId(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(16, '0').slice(0, 16);
}
