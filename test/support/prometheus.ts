import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './reference-server.js';

// What Prometheus answers is checked by what the tests expect of it.
/* eslint-disable @typescript-eslint/no-explicit-any */

interface Result {
  readonly metric: Readonly<Record<string, string>>;
  /** NaN and the infinities are words in Prometheus' answers, which `Number` reads as well. */
  readonly value: number;
}

export interface Prometheus {
  readonly url: string;
  /** Answers to an expression, now. */
  query(expression: string): Promise<Result[]>;
  /** What it says about its one target. */
  target(): Promise<{ readonly health: string; readonly lastError: string }>;
  stop(): Promise<void>;
}

/** A real Prometheus that scrapes one target every second. Extra lines go into its scrape configuration. */
export function startPrometheus(target: string, ...lines: readonly string[]): Promise<Prometheus> {
  const scrape = ['job_name: service', `static_configs: [{ targets: ['${target}'] }]`, ...lines];
  return runPrometheus(`scrape_configs:\n  - ${scrape.join('\n    ')}\n`);
}

/** The same with rules, evaluated every second, and an Alertmanager that is told of alerts. */
export function startAlerting(target: string, ruleFile: string, alertmanager: string): Promise<Prometheus> {
  const static_configs = (address: string): object[] => [{ targets: [address] }];
  return runPrometheus(
    stringify({
      rule_files: [ruleFile],
      alerting: { alertmanagers: [{ static_configs: static_configs(alertmanager) }] },
      scrape_configs: [{ job_name: 'service', static_configs: static_configs(target) }],
    }),
  );
}

async function runPrometheus(config: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const global = 'global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 1s\n';
  writeFileSync(join(folder, 'prometheus.yml'), global + config);
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${url.slice('http://'.length)}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  const ask = async (path: string): Promise<any> => {
    const body: any = await (await fetch(url + path)).json();
    return body.data;
  };
  const isReady = (): Promise<boolean> =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    async query(expression) {
      const { result } = await ask(`/api/v1/query?query=${encodeURIComponent(expression)}`);
      return result.map((one: any) => ({ metric: one.metric, value: Number(one.value[1]) }));
    },
    async target() {
      const { activeTargets } = await ask('/api/v1/targets');
      return activeTargets[0];
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
