export { maintenance } from './maintenance.js';
export { MAINTENANCE_DEFAULTS, type MaintenanceOptions } from './options.js';
