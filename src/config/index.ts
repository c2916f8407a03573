export { loadConfig } from './load-config.js';
export { describeConfig } from './describe-config.js';
export { EnvironmentError, type EnvironmentProblem } from './environment-error.js';
export { CONFIG_DEFAULTS, type ConfigOptions, type ConfigProfile } from './options.js';
export { ENVIRONMENT_VARIABLES, type EnvironmentVariable } from './pages/environment-variables.js';
export { environmentExample } from './pages/environment-example.js';
export { environmentTable } from './pages/environment-table.js';
export type { Config } from './config.js';
export type { VariableName } from './variables/index.js';
