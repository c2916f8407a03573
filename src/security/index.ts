export * from './headers/index.js';
export * from './rate-limit/index.js';
export * from './quota/index.js';
export type { LimitKey } from './limit-key.js';
export type { OutageAnswer } from './redis/outages.js';
export * from './load-shedding/index.js';
export * from './maintenance/index.js';
