import type * as Words from './words.js';

/** @inline */
export interface LogSettings {
  readonly level: (typeof Words.LOG_LEVEL_WORDS)[number];
  readonly format: (typeof Words.LOG_FORMATS)[number];
  readonly includeTimestamp: boolean;
  readonly includeHostname: boolean;
  readonly redactSensitive: boolean;
  readonly sensitiveFields: string[];
  readonly skipHealthCheck: boolean;
  readonly requests: boolean;
  /** Part of the successful requests that leave a line. */
  readonly sampleRate: number;
  readonly schema: (typeof Words.LOG_SCHEMAS)[number];
  /** Nowhere when absent: standard output only. */
  readonly dir?: string;
  readonly appFile: string;
  /** The folder `audit` in `dir` when absent. */
  readonly auditDir?: string;
  readonly whenStalled: (typeof Words.STALL_POLICIES)[number];
  readonly slowQueryThresholdMs: number;
  readonly slowHttpThresholdMs: number;
}
