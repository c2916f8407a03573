export * from './headers/index.js';
export * from './rate-limit/index.js';
