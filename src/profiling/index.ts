export { createProfiler, type Profiler } from './profiler.js';
export { PROFILER_DEFAULTS, type ProfilerOptions } from './options.js';
export { ProfilerError, type ProfilerErrorCode } from './profiler-error.js';
