/** Every XML post a Viewtron device sends, written by templates straight from the protocol reference. */
export * from './posts/heartbeat';
export * from './posts/alarm-status';
export type { CameraPost } from './posts/camera-envelope';
export * from './posts/camera-event';
export * from './posts/camera-metadata';
export * from './posts/camera-plate';
export * from './posts/traject';
export type { RecorderPost } from './posts/recorder-envelope';
export * from './posts/recorder-event';
export * from './posts/recorder-list';
