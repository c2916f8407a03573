import { randomUUID } from 'node:crypto';
import type { Service } from '../service.js';
import { fail, skip, unless, type Check, type Verdict } from './check.js';

const REQUESTS = 'http_requests_total';
const LABELS = ['method', 'endpoint', 'status'];
const UNKNOWN_PATHS = 12;
/** One for the status of what does not exist, and one for a method or status that was not there before. */
const MAX_NEW_SERIES = 2;
const SAMPLE = /^[a-zA-Z_:][\w:]*(?:\{.*\})? (?:[-+]?[\d.]+(?:e[-+]?\d+)?|NaN|[-+]?Inf)(?: [\d.]+)?(?: # .*)?$/i;

export const METRICS: readonly Check[] = [
  {
    id: 'metrics.exposition',
    title: '/metrics is text that Prometheus reads (MET-01)',
    run: (service) =>
      onMetrics(service, async () => {
        const { header, body } = await service.scrape();
        if (!/^(?:text\/plain|application\/openmetrics-text)\b/.test(header('content-type')))
          return fail(`/metrics is of the type ${header('content-type') || 'missing'}`);
        const odd = body.split('\n').find((line) => line !== '' && !line.startsWith('#') && !SAMPLE.test(line));
        return unless(odd === undefined ? undefined : `is no sample: ${odd.slice(0, 100)}`);
      }),
  },
  {
    id: 'metrics.counted',
    title: `requests are counted in ${REQUESTS} by method, endpoint and status (MET-02, X-30)`,
    run: (service) =>
      onMetrics(service, async (before) => {
        await service.ask(service.path);
        const after = await service.scrapeUntil((text) => sumOf(text) > sumOf(before));
        const [series] = seriesOf(after);
        if (series === undefined) return fail(`there is no ${REQUESTS}`);
        const missing = LABELS.filter((label) => !series.labels.includes(`${label}="`));
        if (missing.length > 0) return fail(`${REQUESTS} has no label ${missing.join(', ')}`);
        return unless(sumOf(after) > sumOf(before) ? undefined : `a request to ${service.path} is not counted`);
      }),
  },
  {
    id: 'metrics.timed',
    title: 'how long requests take is a histogram, http_request_duration_seconds (MET-03)',
    run: (service) =>
      onMetrics(service, async () => {
        await service.ask(service.path);
        const isThere = (text: string): boolean => /^http_request_duration_seconds_bucket\{.*le="\+Inf"/m.test(text);
        return unless(
          isThere(await service.scrapeUntil(isThere)) ? undefined : 'there is no http_request_duration_seconds',
        );
      }),
  },
  {
    id: 'metrics.bounded',
    title: 'paths that do not exist make no series of their own',
    run: (service) =>
      onMetrics(service, async (before) => {
        if (seriesOf(before).length === 0) return skip(`there is no ${REQUESTS}`);
        for (let count = 0; count < UNKNOWN_PATHS; count++) await service.ask(`/conformance/${randomUUID()}`);
        const after = await service.scrapeUntil((text) => sumOf(text) >= sumOf(before) + UNKNOWN_PATHS);
        const added = seriesOf(after).length - seriesOf(before).length;
        return unless(
          added <= MAX_NEW_SERIES ? undefined : `${UNKNOWN_PATHS} unknown paths made ${added} series of ${REQUESTS}`,
        );
      }),
  },
];

async function onMetrics(service: Service, run: (before: string) => Promise<Verdict>): Promise<Verdict> {
  const { status, body } = await service.scrape();
  if (status === 401 || status === 403) return skip('the metrics are guarded: give their token');
  if (status !== 200) return fail(`the metrics are answered ${status}; on another port or path give their URL`);
  return run(body);
}

interface Series {
  readonly labels: string;
  readonly value: number;
}

/** Without those of scrapes, which grow by being looked at. */
function seriesOf(text: string): Series[] {
  const lines = text.matchAll(new RegExp(`^${REQUESTS}\\{(.*)\\} (\\S+)`, 'gm'));
  return [...lines]
    .map(([, labels = '', value]) => ({ labels, value: Number(value) }))
    .filter(({ labels }) => !labels.includes('"/metrics"'));
}

function sumOf(text: string): number {
  return seriesOf(text).reduce((sum, { value }) => sum + value, 0);
}
