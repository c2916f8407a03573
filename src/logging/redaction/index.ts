export { createRedactor, type Redactor } from './redactor.js';
export { REDACTOR_DEFAULTS, type RedactorOptions } from './options.js';
export { createSecretFinder, type SecretFinder } from './findings/secret-finder.js';
export type { SecretFinderOptions } from './findings/options.js';
export { SENSITIVE_FIELDS } from './sensitive-fields.js';
export type { SecretKind } from './text/scrub.js';
