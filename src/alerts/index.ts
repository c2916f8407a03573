export * from './thresholds/index.js';
export * from './prometheus/index.js';
export { RUNBOOK_NAMES, runbookPages } from './runbooks/runbook-pages.js';
export * from './grafana/index.js';
