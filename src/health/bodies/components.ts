import type { CheckReport } from '../engine/check-report.js';
import { CONNECTION_WORDS, type Vocabulary } from './vocabulary.js';

/** Each check as an object: status, latency under both names that runbooks ask for, and its details. */
export function checkObjects(checks: readonly CheckReport[], words: Vocabulary): object {
  return Object.fromEntries(checks.map((check) => [check.name, checkObject(check, words)]));
}

/** Each check as its word alone. */
export function checkWords(checks: readonly CheckReport[], words: Vocabulary): Record<string, string> {
  return Object.fromEntries(checks.map(({ name, status }) => [name, words.component[status]]));
}

/** The two connections that the flat body names, as far as they are checked; a check of another name cannot shadow a key. */
export function connectionWords(checks: readonly CheckReport[]): Record<string, string> {
  const connections = checks.filter(({ name }) => name === 'database' || name === 'redis');
  return Object.fromEntries(connections.map(({ name, status }) => [name, CONNECTION_WORDS[status]]));
}

function checkObject(check: CheckReport, words: Vocabulary): object {
  const own = {
    status: words.component[check.status],
    responseTime: check.latencyMs,
    latency: check.latencyMs,
    ...(check.reason === undefined ? {} : { reason: check.reason }),
    ...(check.message === undefined ? {} : { message: check.message }),
  };
  // First for their place, again so that no detail of that name hides the truth.
  return { ...own, ...check.details, ...own };
}
