export { expectNoSecrets } from './expect-no-secrets.js';
export type { NoSecretsOptions } from './options.js';
export { SecretFoundError } from './secret-found-error.js';
