export * from './headers/index.js';
export * from './rate-limit/index.js';
export * from './quota/index.js';
export type { LimitKey } from './limit-key.js';
export type { OutageAnswer } from './counted-in-redis.js';
export * from './load-shedding/index.js';
export * from './maintenance/index.js';
