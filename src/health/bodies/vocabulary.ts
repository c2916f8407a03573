import type { CheckStatus } from '../../core/health-check.js';
import type { OverallStatus } from '../health-report.js';

/** The words of one body format. */
export interface Vocabulary {
  readonly overall: Readonly<Record<OverallStatus, string>>;
  readonly component: Readonly<Record<CheckStatus, string>>;
  readonly hasMilliseconds: boolean;
}

const PLAIN = { ok: 'ok', degraded: 'degraded', error: 'error' };
const HEALTHY = { ok: 'healthy', degraded: 'degraded', error: 'unhealthy' };

export const CONNECTION_WORDS: Vocabulary['component'] = {
  up: 'connected',
  degraded: 'degraded',
  down: 'disconnected',
};

export const DETAILS_WORDS: Vocabulary = {
  overall: PLAIN,
  component: { up: 'up', degraded: 'degraded', down: 'down' },
  hasMilliseconds: true,
};

export const CHECKS_WORDS: Vocabulary = {
  overall: PLAIN,
  component: { up: 'ok', degraded: 'warning', down: 'error' },
  hasMilliseconds: true,
};

export const WORDS_WORDS: Vocabulary = {
  overall: HEALTHY,
  component: { up: 'healthy', degraded: 'degraded', down: 'unhealthy' },
  hasMilliseconds: false,
};

export const FLAT_WORDS: Vocabulary = { overall: HEALTHY, component: CONNECTION_WORDS, hasMilliseconds: false };

/** RFC 3339 in UTC. */
export function timestampOf(timeMs: number, { hasMilliseconds }: Vocabulary): string {
  const timestamp = new Date(timeMs).toISOString();
  return hasMilliseconds ? timestamp : timestamp.replace(/\.\d+Z$/, 'Z');
}
