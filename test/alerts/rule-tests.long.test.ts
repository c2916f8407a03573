import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ALERT_PRESETS } from 'express-runbook/alerts';
import { cli } from '../cli/cli.js';
import { requireTool } from '../support/real-tools.js';

const promtool = requireTool('promtool');
const folder = mkdtempSync(join(tmpdir(), 'rule-tests-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** What promtool says of the tests that were made of a preset, after a change of its rules. */
async function tested(name: string, more: readonly string[] = [], change = (text: string) => text): Promise<string> {
  const dir = join(folder, name);
  const path = join(dir, 'alerts.yml');
  const { exitCode } = await cli(['alerts', 'generate', '--preset', name, '--dir', dir, ...more]);
  expect(exitCode).toBe(0);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return promtool.exec(['test', 'rules', join(dir, 'alerts.test.yml')]);
}

describe.skipIf(!promtool.isInstalled)('the rules of each preset, as Prometheus evaluates them', () => {
  it.each(Object.keys(ALERT_PRESETS))(
    '%s: silent just before each number and for the hold time, there after it, and not without traffic (ALR-01 to ALR-20, ALR-27)',
    async (name) => {
      expect(await tested(name)).toMatch(/SUCCESS\s*$/);
    },
  );

  it.each([
    ['failed', ['--availability', '99.9']],
    ['slow', ['--latency', '95:0.5']],
  ])('the error budget of %s requests: each window at its own factor and no earlier', async (_what, promise) => {
    expect(await tested('ordoInline', promise)).toMatch(/SUCCESS\s*$/);
  });

  it('the age of backups: silent just before the number that was said, there after it (BKP-14)', async () => {
    for (const rpo of ['26h', '1h', '90m', '15m']) expect(await tested('beo', ['--rpo', rpo])).toMatch(/SUCCESS\s*$/);
    const change = (text: string): string => text.replace(') / 3600) > 0.25', ') / 3600) > 0.5');
    expect(await tested('beo', ['--rpo', '15m'], change)).toContain('FAILED');
  });

  it.each([
    ['> 1000', '> 1001'],
    ['> 0.01 and', '> 0.0102 and'],
    ['for: 5m', 'for: 4m'],
    ['>= 0.1', '>= 0.01'],
    ['severity: critical', 'severity: high'],
  ])('their tests fail when %s is %s', async (right, wrong) => {
    const change = (text: string): string => {
      expect(text).toContain(right);
      return text.replace(right, wrong);
    };
    expect(await tested('booky', [], change)).toContain('FAILED');
  });

  it.each([
    ['much traffic, of which 1 % fails', 59_400, 600, { guide: 1, share: 0 }],
    ['little traffic, of which a fifth fails', 9.6, 2.4, { guide: 0, share: 2 }],
  ])('the rule of a guide and the share that it means, with %s (T-32, ALR-27)', async (_what, good, bad, firing) => {
    await tested('codebook');
    const requests = (status: number, step: number) => ({
      series: `http_requests_total{job="service",endpoint="/api/users",status="${status}"}`,
      values: `0+${step}x20`,
    });
    const count = (alert: string, value: number) => ({
      expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
      eval_time: '15m',
      exp_samples: [{ labels: '{}', value }],
    });
    const path = join(folder, 'codebook/compared.test.yml');
    const test = {
      interval: '1m',
      input_series: [requests(200, good), requests(500, bad)],
      promql_expr_test: [count('HighErrorRate', firing.guide), count('HighErrorRatio', firing.share)],
    };
    const files = { rule_files: ['alerts.yml', 'alerts-of-the-guides.yml'], evaluation_interval: '1m', tests: [test] };
    writeFileSync(path, JSON.stringify(files));
    expect(promtool.exec(['test', 'rules', path])).toMatch(/SUCCESS\s*$/);
  });
});
