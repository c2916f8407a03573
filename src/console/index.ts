export { createConsole, type OpsConsole } from './create-console.js';
export { CONSOLE_DEFAULTS, type ConsoleOptions } from './options.js';
export type { AlertView as ConsoleAlert } from './wire/index.js';
