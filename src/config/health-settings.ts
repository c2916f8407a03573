import type * as Words from './words.js';

/** @inline */
export interface HealthSettings {
  readonly format: (typeof Words.HEALTH_FORMATS)[number];
  readonly details: (typeof Words.HEALTH_DETAILS)[number];
  /** Those of the format when absent; for all is well, degraded, error. */
  readonly statusWords?: readonly [string, string, string];
  /** Those of the format when absent; for up, degraded, down. */
  readonly checkWords?: readonly [string, string, string];
  /** That of the format when absent. */
  readonly timestampPrecision?: (typeof Words.TIMESTAMP_PRECISIONS)[number];
  readonly degradedStatusCode: 200 | 503;
  readonly timeoutMs: number;
  readonly cacheTtlMs: number;
  /** Which of the checks that need nothing but this process are made. */
  readonly processChecks: (typeof Words.PROCESS_CHECKS)[number][];
  readonly memoryThresholdPercent: number;
  readonly memoryPercentageOf: (typeof Words.MEMORY_SHARES)[number];
  readonly cpuThresholdPercent: number;
  readonly diskThresholdPercent: number;
  readonly databaseThresholdMs: number;
}
