import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startPrometheus, type Prometheus } from '../support/prometheus.js';
import { requireTool } from '../support/real-tools.js';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';

const isInstalled = requireTool('prometheus').isInstalled;
// As the codebook guide prints it.
const RATE_OF_5XX = 'rate(http_requests_total{status=~"5.."}[5m])';
// As the booky guide prints it.
const P95 = 'histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m]))';

describe.skipIf(!isInstalled)('a Prometheus that scrapes the reference server', () => {
  let server: ReferenceServer;
  let prometheus: Prometheus;
  let quiet: (string | undefined)[];

  beforeAll(async () => {
    const database = await seededDatabase();
    server = await launch({ env: { DATABASE_URL: database.url, RATE_LIMIT_MAX: '100000' } });
    prometheus = await startPrometheus(`127.0.0.1:${server.port}`);
    // One scrape of the quiet service, then traffic, then two of what it did: a rate needs the series twice.
    await until(async () => (await values('up{job="service"}'))[0] === 1);
    quiet = (await prometheus.query('count by (__name__) ({job="service"})')).map(({ metric }) => metric.__name__);
    await traffic();
    await until(async () => (await values('errors_total'))[0] === 5);
    await until(async () => (await values(RATE_OF_5XX)).length === 1);
    return database.drop;
  });

  afterAll(async () => {
    await prometheus.stop();
    await server.stop();
  });

  const values = async (expression: string): Promise<number[]> =>
    (await prometheus.query(expression)).map(({ value }) => value);

  const until = (isTrue: () => Promise<boolean>): Promise<void> =>
    vi.waitFor(async () => expect(await isTrue()).toBe(true), { timeout: 30_000, interval: 100 });

  async function traffic(): Promise<void> {
    for (let n = 0; n < 10; n++) await request(server.url).get(`/dev/items/${n}`);
    for (let n = 0; n < 5; n++) await request(server.url).get('/dev/error?kind=plain');
    for (let n = 0; n < 5; n++) await request(server.url).get(`/nowhere/${n}`);
    await request(server.url).get('/dev/slow?ms=120');
  }

  it('finds nothing wrong with the exposition (MET-01)', async () => {
    expect(await prometheus.target()).toMatchObject({ health: 'up', lastError: '' });
  });

  it.each([
    'cache_hit_ratio',
    'errors_total',
    'process_heap_bytes',
    'process_cpu_seconds_total',
    'http_active_connections',
    'http_requests_in_flight',
    'db_pool_max',
    'system_cpu_usage_percent',
    'system_memory_usage_percent',
    'system_disk_usage_percent',
    'nodejs_eventloop_lag_seconds',
    'health_check_status',
    'log_lines_total',
    'app_build_info',
  ])('has %s before anything happened (MET-04 to MET-07, MET-22, MET-34)', (name) => {
    expect(quiet).toContain(name);
  });

  it('answers the rule on errors by endpoint (MET-02)', async () => {
    const answers = await prometheus.query(RATE_OF_5XX);
    expect(answers.map(({ metric }) => [metric.endpoint, metric.status])).toEqual([['/dev/error', '500']]);
  });

  it('answers the rule on errors, all of a quiet start included (MET-04)', async () => {
    expect((await values('rate(errors_total[5m])'))[0]).toBeGreaterThan(0.01);
    expect((await values('increase(errors_total[5m])'))[0]).toBeGreaterThanOrEqual(5);
  });

  it('answers the rule on latency (MET-03)', async () => {
    await until(async () => (await values(P95)).some((value) => value > 0));
  });

  it.each([0.5, 0.95, 0.99])('has the quantile %s in the bucket of a 120 ms answer (MET-11)', async (quantile) => {
    const buckets = 'sum by (le) (http_request_duration_seconds_bucket{endpoint="/dev/slow"})';
    const [value] = await values(`histogram_quantile(${quantile}, ${buckets})`);
    expect(value).toBeGreaterThan(0.1);
  });

  it('counts every request once, by endpoint and status, and knows the average (MET-10, MET-12)', async () => {
    expect(await values('http_requests_total{endpoint="/dev/items/:id"}')).toEqual([10]);
    expect(await values('http_request_duration_seconds_count{endpoint="/dev/items/:id"}')).toEqual([10]);
    expect(await values('http_requests_total{status="404"}')).toEqual([5]);
    const average = 'http_request_duration_seconds_sum / http_request_duration_seconds_count';
    expect((await values(`${average} > 0`)).length).toBeGreaterThanOrEqual(4);
  });

  it('has two series more, at most, after a scan of 200 random paths', async () => {
    const series = 'count({job="service", __name__=~"http_requests_total"})';
    const [before = 0] = await values(series);
    for (let n = 0; n < 200; n++) await request(server.url).get(`/${Math.random().toString(36)}/${n}`);
    await until(async () => (await values('http_requests_total{status="404"}'))[0] === 205);
    expect((await values(series))[0]! - before).toBeLessThanOrEqual(2);
  });
});
