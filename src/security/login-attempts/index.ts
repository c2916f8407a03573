export { createLoginAttempts, type LoginAttempts, type LoginOutcome } from './login-attempts.js';
export { LOGIN_ATTEMPTS_DEFAULTS, type LoginAttemptsOptions } from './options.js';
