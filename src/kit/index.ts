export { createOps, type Ops } from './create-ops.js';
export { loggerOptions } from './logger-options.js';
export { OPS_DEFAULTS, type AlertsPort, type OpsOptions, type RedisClient } from './options.js';
