import { Registry } from 'prom-client';

/** Prometheus text 0.0.4, or OpenMetrics text 1.0.0. */
export type Format = 'prometheus' | 'openmetrics';

/** Prometheus 3 fails a scrape whose content type is missing or inexact. */
export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
};

/** OpenMetrics for who names it and likes it at least as much as plain text, as Prometheus does; text for all others. */
export function formatFor(accept: string | undefined): Format {
  if (accept?.includes('openmetrics') !== true) return 'prometheus';
  let openMetrics = 0;
  let text = 0;
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = qualityOf(parameters);
    if (type === 'application/openmetrics-text' && isOurVersion(parameters))
      openMetrics = Math.max(openMetrics, quality);
    if (type === 'text/plain') text = Math.max(text, quality);
  }
  return openMetrics > 0 && openMetrics >= text ? 'openmetrics' : 'prometheus';
}

/** RFC 9110 section 12.4.2: 1 when it is not said. */
function qualityOf(parameters: readonly string[]): number {
  const said = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = said === undefined ? 1 : Number(said.slice(2));
  return Number.isFinite(quality) ? quality : 0;
}

function isOurVersion(parameters: readonly string[]): boolean {
  const said = parameters.find((parameter) => parameter.startsWith('version='));
  return said === undefined || /^version="?1\.0\.0"?$/.test(said);
}
