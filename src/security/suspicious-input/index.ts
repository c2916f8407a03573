export { suspiciousInput } from './suspicious-input.js';
export { SUSPICIOUS_INPUT_DEFAULTS, type SuspiciousInputOptions } from './options.js';
