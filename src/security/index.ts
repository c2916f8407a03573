export * from './headers/index.js';
export * from './rate-limit/index.js';
export * from './load-shedding/index.js';
export * from './maintenance/index.js';
export * from './authentication/index.js';
export * from './api-keys/index.js';
export * from './login-attempts/index.js';
