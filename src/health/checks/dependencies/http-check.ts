import { isBoolean, isInteger, isListOf, isObject, isText, isTimeMs } from '../../../core/checks.js';
import type { CheckResult, HealthCheck } from '../../../core/health-check.js';
import { requireOption, resolveOptions, type OptionCheck } from '../../../core/options.js';
import { answered, isResponseTime, unreachable } from './response-time.js';

export interface HttpCheckOptions {
  /** Key of the check in bodies, log lines and metrics: what the service calls the other one. */
  name: string;
  /** What is asked: something cheap that says whether the other one works and takes our key. Shown nowhere. */
  url: string;
  /**
   * Headers of the request, e.g. with a key. Shown nowhere.
   * @default {}
   */
  headers?: Readonly<Record<string, string>>;
  /**
   * Status codes that mean it works. Redirects are not followed, because the page that one leads to says nothing.
   * @default [200, 204]
   */
  statuses?: readonly number[];
  /**
   * Whether the service is unusable without the other one. Taking a service out of traffic because of what it calls
   * turns one outage into two.
   * @default false
   */
  critical?: boolean;
  /**
   * Milliseconds above which the other one counts as degraded.
   * @default 500
   */
  degradedAboveMs?: number;
  /**
   * Milliseconds after which the request is given up.
   * @default `timeoutMs` of the health router
   */
  timeoutMs?: number;
}

export const HTTP_CHECK_DEFAULTS = Object.freeze({
  headers: Object.freeze({}),
  statuses: Object.freeze([200, 204]),
  critical: false,
  degradedAboveMs: 500,
});

/**
 * Asks another service over HTTP with GET. What it answered stands in the report as a status code; its address, our headers
 * and its body do not.
 *
 * @example
 * httpCheck({ name: 'llm_service', url: 'https://llm.example/v1/models', headers: { Authorization: `Bearer ${key}` } });
 */
export function httpCheck(options: HttpCheckOptions): HealthCheck {
  const settings = resolveOptions('httpCheck', options, HTTP_CHECK_DEFAULTS, {
    name: isText,
    url: isUrlWithoutCredentials,
    headers: isHeaders,
    statuses: isListOf(isInteger(100, 599)),
    critical: isBoolean,
    degradedAboveMs: isResponseTime,
    timeoutMs: isTimeMs(1),
  });
  requireOption('httpCheck', 'name', settings.name, "give the check a name, e.g. { name: 'payments' }");
  requireOption('httpCheck', 'url', settings.url, 'say what to ask, e.g. https://payments.example/health');
  const { name, url, headers, statuses, critical, degradedAboveMs, timeoutMs } = settings;

  return {
    name,
    critical,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    async run(signal): Promise<CheckResult | undefined> {
      const startedAt = performance.now();
      try {
        const response = await fetch(url, { headers, signal, redirect: 'manual' });
        // An answer that nobody reads would hold its connection.
        await response.body?.cancel();
        if (!statuses.includes(response.status)) return refused(name, response.status);
        return answered(name, startedAt, degradedAboveMs);
      } catch (error) {
        return unreachable(name, error);
      }
    },
  };
}

function refused(name: string, statusCode: number): CheckResult {
  return { status: 'down', message: `${name} answered ${statusCode}`, details: { statusCode } };
}

const isUrlWithoutCredentials: OptionCheck = (value) => {
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || !URL.canParse(value)) {
    return 'must be a URL that begins with http:// or https://';
  }
  const { username, password } = new URL(value);
  // fetch takes none in the URL, and as a header they are in nobody's log.
  return username === '' && password === '' ? undefined : 'must not hold credentials: give them as headers';
};

const isHeaders: OptionCheck = (value) => {
  const problem = isObject(value);
  if (problem !== undefined) return problem;
  try {
    new Headers(value as Record<string, string>);
    return undefined;
  } catch {
    // What was thrown repeats the value, which may be a key.
    return 'must be names and values that HTTP allows as headers';
  }
};
