export { createHealthRouter, type HealthRouter } from './health-router.js';
export { HEALTH_DEFAULTS, type HealthOptions } from './options.js';
export { HEALTH_STATUS_CODES, type HealthEndpoint } from './status-codes.js';
export type { HealthAnswer } from './http/plain-answer.js';
export type { HealthFormat } from './bodies/body-formats.js';
export type { HealthWords, TimestampPrecision } from './bodies/vocabulary.js';
export type { HealthReport, OverallStatus } from './health-report.js';
export type { CheckReport, DownReason } from './engine/check-report.js';
export type { HealthTransition } from './engine/transitions.js';
export type { CheckProbe, CheckResult, CheckStatus, HealthCheck } from '../core/health-check.js';
export type { LifecycleState } from '../core/lifecycle.js';
export {
  databaseCheck,
  DATABASE_CHECK_DEFAULTS,
  type DatabaseCheckOptions,
} from './checks/dependencies/database-check.js';
export {
  redisCheck,
  REDIS_CHECK_DEFAULTS,
  type RedisCheckOptions,
  type RedisPort,
} from './checks/dependencies/redis-check.js';
export { httpCheck, HTTP_CHECK_DEFAULTS, type HttpCheckOptions } from './checks/dependencies/http-check.js';
export {
  certificateCheck,
  CERTIFICATE_CHECK_DEFAULTS,
  type CertificateCheckOptions,
} from './checks/dependencies/certificate-check.js';
export { memoryCheck, MEMORY_CHECK_DEFAULTS, type MemoryCheckOptions } from './checks/process/memory-check.js';
export type { MemoryReading } from './checks/process/memory-reading.js';
export { cpuCheck, CPU_CHECK_DEFAULTS, type CpuCheckOptions } from './checks/process/cpu-check.js';
export type { CpuReading } from './checks/process/cpu-reading.js';
export {
  diskCheck,
  DISK_CHECK_DEFAULTS,
  type DiskCheckOptions,
  type DiskReading,
} from './checks/process/disk-check.js';
export {
  eventLoopCheck,
  EVENT_LOOP_CHECK_DEFAULTS,
  type EventLoopCheck,
  type EventLoopCheckOptions,
  type EventLoopReading,
} from './checks/process/event-loop-check.js';
