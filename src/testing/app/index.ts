export { testApp, type TestApp } from './test-app.js';
export { testOps, type TestOps } from './test-ops.js';
export { TEST_OPS_DEFAULTS, type TestAppOptions, type TestOpsOptions } from './options.js';
export type { ReadableMetrics } from './readable-metrics.js';
