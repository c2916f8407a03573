export * from './thresholds/index.js';
