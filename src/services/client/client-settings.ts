import {
  either,
  hasMethods,
  isFunction,
  isInteger,
  isLogger,
  isNumber,
  isObject,
  isRegistry,
  isText,
  isTimeMs,
} from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { requireOption, resolveOptions } from '../../core/options.js';
import { SERVICE_CLIENT_DEFAULTS, type ServiceClientOptions, type ServiceClientSettings } from './options.js';

const SCOPE = 'createServiceClient';

export function resolveServiceClientOptions(options: ServiceClientOptions): ServiceClientSettings {
  const settings = resolveOptions(SCOPE, options, SERVICE_CLIENT_DEFAULTS, {
    name: isText,
    baseUrl: isText,
    headers: either(isObject, isFunction),
    outgoingHeaders: isFunction,
    context: isFunction,
    timeoutMs: isTimeMs(1),
    totalTimeoutMs: isTimeMs(1),
    retries: isInteger(0, 10),
    retryDelayMs: isTimeMs(0),
    maxRetryDelayMs: isTimeMs(0),
    retryRatio: isNumber(0, 1),
    maxConcurrent: isInteger(1),
    maxQueued: isInteger(0),
    breakerFailureRatio: isNumber(0, 1),
    breakerMinCalls: isInteger(1),
    breakerWindowMs: isTimeMs(1),
    breakerOpenMs: isTimeMs(0),
    maxResponseBytes: isInteger(0),
    fallback: hasMethods('call'),
    unavailableMessage: isText,
    durationMetric: isText,
    errorsMetric: isText,
    logger: isLogger,
    registry: isRegistry,
    signal: hasMethods('addEventListener', 'removeEventListener'),
    now: isFunction,
  });
  requireOption(SCOPE, 'name', settings.name, "say which service it is, e.g. { name: 'llm_service' }");
  requireOption(SCOPE, 'baseUrl', settings.baseUrl, "say where it is, e.g. { baseUrl: 'https://llm.example' }");
  refuseBaseUrl(settings.baseUrl);
  return settings;
}

/** The address is not shown: it may hold a password. */
function refuseBaseUrl(baseUrl: string): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const problem =
    url === undefined || !/^https?:$/.test(url.protocol)
      ? 'must be an http:// or https:// address'
      : url.username !== '' || url.password !== ''
        ? 'must not hold credentials: give them as headers'
        : url.search !== '' || url.hash !== ''
          ? 'must not have a query or a fragment'
          : undefined;
  if (problem !== undefined) throw new ConfigError('ERR_OPTION_INVALID', `${SCOPE}.baseUrl`, problem);
}
