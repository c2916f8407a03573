export { requireHttps } from './require-https.js';
export type { RequireHttpsOptions } from './options.js';
