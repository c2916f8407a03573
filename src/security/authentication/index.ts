export { bearerAuth, principalOf } from './bearer-auth.js';
export type { BearerAuthOptions } from './options.js';
