export { createOps, type Ops } from './create-ops.js';
export { loggerOptions } from './logger-options.js';
export { OPS_DEFAULTS, type OpsOptions } from './options.js';
