export { conformance, CONFORMANCE_CHECKS } from './conformance.js';
export { CONFORMANCE_DEFAULTS, type ConformanceOptions } from './options.js';
export type { ConformanceCheck, ConformanceFinding, ConformanceReport, ConformanceVerdict } from './report.js';
