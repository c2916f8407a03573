export { accessGuard, hasAccess } from './access-guard.js';
export type { AccessGuardOptions } from './options.js';
