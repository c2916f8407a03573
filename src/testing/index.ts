export * from './app/index.js';
export * from './captured-logs/index.js';
export * from './conformance/index.js';
export * from './postgres/index.js';
export * from './secrets/index.js';
export * from './embedded-postgres/index.js';
export { fakeClock, type FakeClock } from './fake-clock.js';
export { TestTimeoutError } from './test-timeout-error.js';
