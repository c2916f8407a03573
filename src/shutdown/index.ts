export type { Beacon, UnfinishedWork } from './beacons.js';
export { createGracefulShutdown, type GracefulShutdown } from './graceful-shutdown.js';
export type { CloseContext, CloseHook, HookReport } from './hooks.js';
export { GRACEFUL_SHUTDOWN_DEFAULTS, type GracefulShutdownOptions } from './options.js';
export type { ShutdownReport } from './shutdown-report.js';
