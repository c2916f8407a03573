export * from './headers/index.js';
export * from './rate-limit/index.js';
export * from './load-shedding/index.js';
export * from './maintenance/index.js';
export * from './authentication/index.js';
