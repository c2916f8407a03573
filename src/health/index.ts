export { createHealthRouter, type HealthRouter } from './health-router.js';
export { HEALTH_DEFAULTS, type HealthOptions } from './options.js';
export { HEALTH_STATUS_CODES, type HealthEndpoint } from './status-codes.js';
export type { HealthFormat } from './bodies/body-formats.js';
export type { HealthReport, OverallStatus } from './health-report.js';
export type { CheckReport, DownReason } from './engine/check-report.js';
export type { HealthTransition } from './engine/transitions.js';
export type { CheckResult, CheckStatus, HealthCheck } from '../core/health-check.js';
export type { LifecycleState } from '../core/lifecycle.js';
export { databaseCheck, DATABASE_CHECK_DEFAULTS, type DatabaseCheckOptions } from './checks/database-check.js';
export {
  memoryCheck,
  MEMORY_CHECK_DEFAULTS,
  type MemoryCheckOptions,
  type MemoryReading,
} from './checks/memory-check.js';
export { cpuCheck, CPU_CHECK_DEFAULTS, type CpuCheckOptions } from './checks/cpu-check.js';
export type { CpuReading } from './checks/cpu-reading.js';
export { diskCheck, DISK_CHECK_DEFAULTS, type DiskCheckOptions, type DiskReading } from './checks/disk-check.js';
export {
  eventLoopCheck,
  EVENT_LOOP_CHECK_DEFAULTS,
  type EventLoopCheck,
  type EventLoopCheckOptions,
  type EventLoopReading,
} from './checks/event-loop-check.js';
