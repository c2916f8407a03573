export { createRedactor, type Redactor } from './redactor.js';
export { REDACTOR_DEFAULTS, type RedactorOptions } from './options.js';
export { SENSITIVE_FIELDS } from './sensitive-fields.js';
