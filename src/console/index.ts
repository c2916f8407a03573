export { createConsole, type OpsConsole } from './create-console.js';
export { CONSOLE_DEFAULTS, type ConsoleOptions } from './options.js';
export type { AuditPort, HealthPort, LevelPort, LinesPort, PoolNumbers, PoolsPort } from './ports.js';
export type { AlertView } from './wire/index.js';
