import { Registry } from 'prom-client';
import { isRegistry } from '../../core/checks.js';
import type { OptionCheck } from '../../core/options.js';

/**
 * A registry that exposes Prometheus text. One of OpenMetrics is refused because prom-client takes `_total` off the
 * names of its counters, which blinds every query and alert written for them.
 */
export const isTextRegistry: OptionCheck = (value) => {
  const problem = isRegistry(value);
  if (problem !== undefined) return problem;
  const { contentType } = value as { contentType?: unknown };
  return contentType === Registry.PROMETHEUS_CONTENT_TYPE
    ? undefined
    : `must have the content type ${Registry.PROMETHEUS_CONTENT_TYPE}: make it with new Registry()`;
};
