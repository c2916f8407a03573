import type { ShownCheck } from './shown-report.js';
import type { Vocabulary } from './vocabulary.js';

/** Each check as an object: status, latency under both names that runbooks ask for, and its details. */
export function checkObjects(checks: readonly ShownCheck[], words: Vocabulary): object {
  return Object.fromEntries(checks.map((check) => [check.name, checkObject(check, words)]));
}

/** Each check as its word alone. */
export function checkWords(checks: readonly ShownCheck[], words: Vocabulary): Record<string, string> {
  return Object.fromEntries(checks.map(({ name, status }) => [name, words.check[status]]));
}

/** The two connections that the flat body names, as far as they are checked; a check of another name cannot shadow a key. */
export function connectionWords(checks: readonly ShownCheck[], words: Vocabulary['check']): Record<string, string> {
  const connections = checks.filter(({ name }) => name === 'database' || name === 'redis');
  return Object.fromEntries(connections.map(({ name, status }) => [name, words[status]]));
}

/** Keys that are undefined stay out of the JSON. */
export function checkObject(check: ShownCheck, words: Vocabulary): object {
  const { status, latencyMs, reason, message } = check;
  const own = { status: words.check[status], responseTime: latencyMs, latency: latencyMs };
  const said = { ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) };
  // First for their place, again so that no detail of that name hides the truth.
  return { ...own, ...said, ...check.details, ...own, ...said };
}
