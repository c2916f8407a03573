export * from './samples.js';
export * from './work.js';
export * from './sections.js';
export * from './messages.js';
