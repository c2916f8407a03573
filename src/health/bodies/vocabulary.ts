import type { CheckStatus } from '../../core/health-check.js';
import type { OverallStatus } from '../health-report.js';

/** What a body calls things; a word that is left out is the one of the format. */
export interface HealthWords {
  readonly overall?: Readonly<Partial<Record<OverallStatus, string>>>;
  readonly check?: Readonly<Partial<Record<CheckStatus, string>>>;
}

export type TimestampPrecision = 'milliseconds' | 'seconds';

/** The words of one body format. */
export interface Vocabulary {
  readonly overall: Readonly<Record<OverallStatus, string>>;
  readonly check: Readonly<Record<CheckStatus, string>>;
  readonly timestampPrecision: TimestampPrecision;
}

const PLAIN = { ok: 'ok', degraded: 'degraded', error: 'error' };
const HEALTHY = { ok: 'healthy', degraded: 'degraded', error: 'unhealthy' };

export const CONNECTION_WORDS: Vocabulary['check'] = { up: 'connected', degraded: 'degraded', down: 'disconnected' };

export const DETAILS_WORDS: Vocabulary = {
  overall: PLAIN,
  check: { up: 'up', degraded: 'degraded', down: 'down' },
  timestampPrecision: 'milliseconds',
};

export const CHECKS_WORDS: Vocabulary = {
  overall: PLAIN,
  check: { up: 'ok', degraded: 'warning', down: 'error' },
  timestampPrecision: 'milliseconds',
};

export const WORDS_WORDS: Vocabulary = {
  overall: HEALTHY,
  check: { up: 'healthy', degraded: 'degraded', down: 'unhealthy' },
  timestampPrecision: 'seconds',
};

export const FLAT_WORDS: Vocabulary = { overall: HEALTHY, check: CONNECTION_WORDS, timestampPrecision: 'seconds' };

/** RFC 3339 in UTC. */
export function timestampOf(timeMs: number, { timestampPrecision }: Vocabulary): string {
  const timestamp = new Date(timeMs).toISOString();
  return timestampPrecision === 'milliseconds' ? timestamp : timestamp.replace(/\.\d+Z$/, 'Z');
}
