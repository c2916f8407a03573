import { isBoolean, isFunction, isInteger, isListOf, isOneOf, isText, isTimeMs } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import type { HealthCheck } from '../../core/health-check.js';
import { describe, type OptionCheck } from '../../core/options.js';

/** How long a failure is repeated at most: recovery must be seen by the next poll. */
export const MAX_FAILURE_TTL_MS = 1000;

const EXAMPLE = "{ name: 'queue', run: async () => { … } }";

/** The check itself when it is one; throws `ConfigError` with the cure otherwise. `option` says where it was given. */
export function acceptedCheck(value: unknown, option: string): HealthCheck {
  if (describe(value) === 'a promise') {
    throw invalid(option, `is a promise, whose outcome would never change; give a check that makes one: ${EXAMPLE}`);
  }
  if (typeof value !== 'object' || value === null) {
    throw invalid(option, `must be a check such as ${EXAMPLE}, got ${describe(value)}`);
  }
  const given = value as Partial<Record<string, unknown>> & { run?: unknown };
  if (describe(given.run) === 'a promise') {
    throw invalid(`${option}.run`, 'is a promise, whose outcome would never change; give the function that makes it');
  }
  demand(option, given, 'name', isText);
  demand(option, given, 'run', isFunction);
  for (const [name, check] of Object.entries(OPTIONAL)) {
    if (given[name] !== undefined) demand(option, given, name, check);
  }
  // Every field was looked at.
  return value as HealthCheck;
}

const OPTIONAL: Readonly<Record<string, OptionCheck>> = {
  critical: isBoolean,
  probes: isListOf(isOneOf(['readiness', 'startup'])),
  timeoutMs: isTimeMs(1),
  cacheTtlMs: isTimeMs(0),
  failureCacheTtlMs: isInteger(0, MAX_FAILURE_TTL_MS),
  failureThreshold: isInteger(1),
  successThreshold: isInteger(1),
  refreshMs: isTimeMs(1),
  details: isFunction,
  watch: isFunction,
};

function demand(option: string, given: Partial<Record<string, unknown>>, name: string, check: OptionCheck): void {
  const problem = check(given[name]);
  if (problem !== undefined) throw invalid(`${option}.${name}`, `${problem}, got ${describe(given[name])}`);
}

function invalid(option: string, problem: string): ConfigError {
  return new ConfigError('ERR_OPTION_INVALID', option, problem);
}
