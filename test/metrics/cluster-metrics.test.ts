import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClusterMetrics, createMetrics } from 'express-runbook';
import { recordingLogger } from '../support/recording-logger.js';
import { freePort } from '../support/reference-server.js';
import { seriesOf, valueOf } from './exposition-value.js';

const WORK = 'http_requests_total{method="GET",endpoint="/work",status="200"}';

describe('workers under node:cluster (MET-44)', () => {
  const dir = mkdtempSync(join(tmpdir(), 'cluster-'));
  let primary: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    primary = fork(join(import.meta.dirname, 'fixtures/cluster.mjs'), {
      env: {
        PATH: process.env.PATH,
        TMPDIR: dir,
        ENV_FILE: '/nonexistent/.env',
        HOST: '127.0.0.1',
        PORT: String(port),
        LOG_LEVEL: 'fatal',
        LOG_REQUESTS: 'false',
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(primary, 'message');
  });

  afterAll(async () => {
    const ended = once(primary, 'exit');
    primary.disconnect();
    await ended;
    rmSync(dir, { recursive: true });
  });

  const scrape = async (): Promise<string> => {
    const response = await fetch(`${url}/metrics`, { headers: { Connection: 'close' } });
    return response.text();
  };

  async function work(count: number): Promise<Set<unknown>> {
    const pids = new Set<unknown>();
    for (let n = 0; n < count; n++) {
      const body = (await (await fetch(`${url}/work`)).json()) as { pid: number };
      pids.add(body.pid);
    }
    return pids;
  }

  const worked = async (): Promise<number | undefined> => valueOf(await scrape(), WORK);

  it('show together what each of them counted, whichever is asked', async () => {
    expect((await work(30)).size).toBe(3);
    await vi.waitFor(async () => expect(await worked()).toBe(30), 10_000);
    for (let n = 0; n < 3; n++) expect(await worked()).toBe(30);
    const text = await scrape();
    expect(seriesOf(text, 'worker_pid{')).toHaveLength(3);
    expect(valueOf(text, 'http_request_duration_seconds_count{method="GET",endpoint="/work",status="200"}')).toBe(30);
    expect(seriesOf(text, 'app_build_info{')[0]).toMatch(/ 1$/);
    expect(valueOf(text, 'system_memory_usage_percent')).toBeLessThanOrEqual(100);
    expect(text).toContain('metrics_collector_errors_total');
  });

  it('lose no count when one is replaced, as a reload does', async () => {
    const before = (await worked())!;
    const seen: (number | undefined)[] = [];
    let isDone = false;
    const watch = async (): Promise<void> => {
      seen.push(await worked());
      if (!isDone) await watch();
    };
    const watching = watch();
    const replaced = once(primary, 'message');
    primary.send('replace');
    await replaced;
    isDone = true;
    await watching;
    expect(await worked()).toBe(before);
    // Not once lower in between either, which Prometheus would take for a restart.
    expect(new Set(seen)).toEqual(new Set([before]));
    expect(seriesOf(await scrape(), 'worker_pid{')).toHaveLength(3);
  });

  it('go on when one is killed, and tidy up after it', async () => {
    const [, group = ''] = readdirSync(dir, { recursive: true }).map(String).sort();
    const killed = once(primary, 'message');
    primary.send('kill');
    await killed;
    expect(seriesOf(await scrape(), 'worker_pid{')).toHaveLength(2);
    await vi.waitFor(() => expect(readdirSync(join(dir, group))).toHaveLength(2), 5000);
  });
});

it('shows its own metrics, and says so, where workers cannot meet', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'cluster-open-'));
  chmodSync(dir, 0o777);
  const logger = recordingLogger();
  const metrics = createMetrics({ defaultMetrics: false });
  metrics.counter({ name: 'mine_total', help: 'x' }).inc();
  const clustered = createClusterMetrics({ registry: metrics.registry, name: 'x', dir, logger });
  const names = (await clustered.collect()).map(({ name }) => name);
  expect(names).toContain('mine_total');
  expect(logger.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn Workers cannot find each other; each shows its own metrics',
  ]);
  await clustered.close();
  rmSync(dir, { recursive: true });
});

it('refuses a cluster without a name', () => {
  const { registry } = createMetrics({ defaultMetrics: false });
  expect(() => createClusterMetrics({ registry } as never)).toThrow('clusterMetrics.name is required');
});
