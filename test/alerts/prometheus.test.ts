import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  ALERT_PRESETS,
  alertmanagerConfig,
  backupRules,
  GUIDE_RULES,
  prometheusRules,
  RUNBOOK_NAMES,
  type AlertPreset,
  type AlertmanagerConfig,
  type RuleFile,
} from 'express-runbook/alerts';
import { cli } from '../cli/cli.js';
import { ROOT } from '../repo/source-files.js';
import { requireTool } from '../support/real-tools.js';

const promtool = requireTool('promtool');
const amtool = requireTool('amtool');
const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
const presets = Object.entries<AlertPreset>(ALERT_PRESETS);
const PROMISES = ['--availability', '99.9', '--latency', '95:0.5'];

afterAll(() => rmSync(folder, { recursive: true }));

const generate = (name: string, ...more: string[]) =>
  cli(['alerts', 'generate', '--preset', name, '--dir', join(folder, name), ...more]);
const read = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');
const rulesOf = ({ groups }: RuleFile) => groups.flatMap(({ rules }) => rules);

describe('express-runbook alerts generate', () => {
  it.skipIf(!promtool.isInstalled || !amtool.isInstalled)(
    'makes of each preset what Prometheus and Alertmanager understand, without a secret (ALR-25, ALR-26)',
    async () => {
      const files: string[] = [];
      for (const [name] of presets) {
        expect(await generate(name, ...PROMISES)).toMatchObject({ exitCode: 0, stderr: '' });
        files.push(join(folder, name, 'alerts.yml'), join(folder, name, 'alerts-of-the-guides.yml'));
        expect(read(name, 'alertmanager.yml')).not.toMatch(/https?:|api_url:|routing_key:|password/);
      }
      expect(promtool.exec(['check', 'rules', ...files]).match(/SUCCESS: \d+ rules found/g)).toHaveLength(files.length);
      const configs = presets.map(([name]) => join(folder, name, 'alertmanager.yml'));
      expect(amtool.exec(['check-config', ...configs]).match(/SUCCESS/g)).toHaveLength(presets.length);
    },
  );

  it('writes what is new or different, and only looks with --check and --dry-run', async () => {
    await generate('ordo');
    expect(await generate('ordo', '--check')).toMatchObject({ exitCode: 0 });
    writeFileSync(join(folder, 'ordo/alerts.yml'), 'groups: []\n');
    const checked = await generate('ordo', '--check', '--json');
    expect(checked.exitCode).toBe(1);
    const { files } = JSON.parse(checked.stdout) as { files: { path: string; state: string }[] };
    expect(files.filter(({ state }) => state !== 'unchanged')).toEqual([
      { path: join(folder, 'ordo/alerts.yml'), state: 'changed' },
    ]);
    expect(await generate('ordo', '--dry-run')).toMatchObject({ exitCode: 0 });
    expect(read('ordo', 'alerts.yml')).toBe('groups: []\n');
    await cli(['dashboards', 'generate', '--uid', 'orders', '--dir', join(folder, 'none'), '--dry-run']);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('takes a table of your own, and refuses one that cannot be watched', async () => {
    const table = join(folder, 'table.mjs');
    const own = (over: object): AlertPreset => {
      const { booky } = ALERT_PRESETS;
      return { ...booky, rules: [{ ...booky.rules[0]!, name: 'OwnErrors', ...over }] };
    };
    const call = ['alerts', 'generate', '--table', table, '--dir', join(folder, 'own')];
    writeFileSync(table, `export default ${JSON.stringify(own({ runbook: 'https://runbooks.example/own' }))}`);
    expect(await cli(call)).toMatchObject({ exitCode: 0 });
    expect(rulesOf(parse(read('own', 'alerts.yml')) as RuleFile)[0]).toMatchObject({
      alert: 'OwnErrors',
      annotations: { runbook_url: 'https://runbooks.example/own' },
    });
    const wrong = join(folder, 'wrong.mjs');
    writeFileSync(wrong, `export default ${JSON.stringify(own({ measure: 'errorRato' }))}`);
    const refused = await cli(['alerts', 'generate', '--table', wrong, '--dir', join(folder, 'own')]);
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('did you mean errorRatio?') as unknown,
    });
  });

  it.each([
    [['--preset', 'buider'], 'must be one of builder'],
    [['--preset', 'ordo', '--table', 'x.js'], 'say either --preset or --table'],
    [[], 'say either --preset or --table'],
    [['--preset', 'ordo', '--availability', '100'], 'below 100'],
    [['--preset', 'ordo', '--latency', '95'], 'percent:seconds'],
    [['--preset', 'ordo', '--label', 'job'], 'name=value'],
    [['--preset', 'ordo', '--webhook', 'ftp://x'], 'begins with http'],
    [['--preset', 'ordo', '--webhook', 'https://u:hunter2@x.example'], 'must have no password'],
    [['--preset', 'ordo', '--time-scale', '2'], 'from 0.001 to 1'],
    [['--preset', 'ordo', '--min-per-second', '-1'], 'from 0 to 1000'],
    [['--preset', 'ordo', '--rpo', 'soon'], 'a time such as 26h'],
    [['--preset', 'ordo', '--rpo', '0h'], 'a time such as 26h'],
  ])('is called wrongly with %j', async (options, message) => {
    const { exitCode, stdout, stderr } = await cli(['alerts', 'generate', ...options, '--dir', join(folder, 'wrong')]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('hunter2');
    expect(existsSync(join(folder, 'wrong'))).toBe(false);
  });

  it('has rules on backups where it is told how old they may be, with a page each (BKP-14)', async () => {
    expect(await generate('ordo', '--rpo', '26h')).toMatchObject({ exitCode: 0, stderr: '' });
    const rules = rulesOf(parse(read('ordo', 'alerts.yml')) as RuleFile);
    const newest = 'max by (job) (backup_last_success_timestamp_seconds{job="service"})';
    expect(rules).toContainEqual(
      expect.objectContaining({
        alert: 'BackupTooOld',
        expr: `((time() - ${newest}) / 3600) > 26`,
        labels: { severity: 'critical', incident_level: 'critical' },
      }),
    );
    for (const { name } of backupRules({ rpoSeconds: 1 })) {
      expect(rules).toContainEqual(expect.objectContaining({ alert: name }));
      expect(read('ordo', `runbooks/${name}.md`)).toContain('express-runbook backup');
    }
    const table = join(folder, 'no-list.mjs');
    writeFileSync(table, 'export default { rules: {} }');
    const call = ['alerts', 'generate', '--table', table, '--rpo', '1d', '--dir', join(folder, 'none')];
    expect(await cli(call)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('rules must be an array') as unknown,
    });
  });

  it('warns of a promise about a bucket that nobody fills', async () => {
    const { exitCode, stderr } = await generate('ordo', '--dry-run', '--latency', '95:0.6');
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('0.6 is no bucket') as unknown]);
  });
});

describe('the rules', () => {
  it('of the guides are there as printed, beside corrected ones (ALR-26, ALR-27, T-32, X-32)', () => {
    const printed = Object.fromEntries(
      GUIDE_RULES.groups.map(({ name, rules }) => [name, rulesOf({ groups: [{ name, rules }] })]),
    );
    expect(printed).toMatchObject({
      codebook_alerts: [
        {
          alert: 'HighErrorRate',
          expr: 'rate(http_requests_total{status=~"5.."}[5m]) > 0.05',
          for: '5m',
          labels: { severity: 'critical' },
          annotations: {
            description: expect.stringMatching(/\{\{ \$value \}\}.*\{\{ \$labels\.endpoint \}\}/) as unknown,
          },
        },
      ],
      'booky-alerts': [
        { alert: 'HighErrorRate', expr: 'rate(errors_total[5m]) > 0.01', for: '5m', labels: { severity: 'warning' } },
        {
          alert: 'HighLatency',
          expr: 'histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m])) > 1',
          for: '5m',
          labels: { severity: 'warning' },
        },
      ],
    });
    const [warning, critical] = rulesOf(prometheusRules({ rules: ALERT_PRESETS.codebook.rules }));
    expect([warning, critical]).toMatchObject([
      { alert: 'HighErrorRatio', for: '10m', labels: { severity: 'medium' } },
      { alert: 'HighErrorRatio', for: '5m', labels: { severity: 'critical' } },
    ]);
    // A share of the traffic, where there is enough of it.
    expect(critical?.expr).toMatch(/^\(sum by \(job\) \(.*\) \/ sum by \(job\) \(.*\)\) > 0\.05 and sum .* >= 0\.1$/);
  });

  it('carry the severity, and the level that the team calls it (INC-01, INC-02, X-33)', () => {
    const { rules, incidentLevels } = ALERT_PRESETS.codebook;
    const labels = rulesOf(prometheusRules({ rules, incidentLevels })).map((rule) =>
      'labels' in rule ? rule.labels : {},
    );
    expect(labels).toContainEqual({ severity: 'critical', incident_level: 'P0' });
    expect(labels).toContainEqual({ severity: 'high', incident_level: 'P1' });
    expect(labels).toContainEqual({ severity: 'medium', incident_level: 'P2' });
  });

  it('watch each promise over four windows, with what Google’s SRE workbook says of them', () => {
    const all = rulesOf(prometheusRules({ objectives: [{ target: 0.999 }, { target: 0.95, withinSeconds: 0.5 }] }));
    const alerts = all.flatMap((rule) => ('alert' in rule ? [rule] : []));
    const limits = alerts.map(({ alert, expr, labels }) => [alert, labels.window, /> ([\d.]+)/.exec(expr)?.[1]]);
    expect(limits).toEqual([
      ['ErrorBudgetBurn', '1h', '0.0144'],
      ['ErrorBudgetBurn', '6h', '0.006'],
      ['ErrorBudgetBurn', '1d', '0.003'],
      ['ErrorBudgetBurn', '3d', '0.001'],
      ['LatencyBudgetBurn', '1h', '0.72'],
      ['LatencyBudgetBurn', '6h', '0.3'],
      ['LatencyBudgetBurn', '1d', '0.15'],
      ['LatencyBudgetBurn', '3d', '0.05'],
    ]);
    expect(all.length - alerts.length).toBe(14);
    expect(() => prometheusRules({ objectives: [{ target: 0.9 }, { target: 0.99 }] })).toThrow('two of them');
    expect(() => prometheusRules({ objectives: [{ target: 1 }] })).toThrow('between 0 and 1');
  });

  it('have a runbook page each, whose commands of ours exist', () => {
    const alerts = presets.flatMap(([, { rules }]) =>
      rulesOf(prometheusRules({ rules, objectives: [{ target: 0.9 }] })),
    );
    const names = [...alerts, ...rulesOf(GUIDE_RULES)].flatMap((rule) => ('alert' in rule ? [rule.alert] : []));
    expect(names.filter((name) => !RUNBOOK_NAMES.includes(name))).toEqual([]);
    const pages = presets.flatMap(([name]) => {
      const pagesOf = join(folder, name, 'runbooks');
      return existsSync(pagesOf) ? readdirSync(pagesOf).map((file) => readFileSync(join(pagesOf, file), 'utf8')) : [];
    });
    const cliPage = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');
    const called = pages.flatMap((page) =>
      [...page.matchAll(/express-runbook ([a-z]+ [a-z]+)/g)].map(([, name]) => name),
    );
    expect(called.length).toBeGreaterThan(10);
    for (const name of new Set(called)) expect(cliPage).toContain(`| \`${name}`);
  });
});

describe('the routing of Alertmanager (ALR-25, X-34)', () => {
  const configOf = (name: keyof typeof ALERT_PRESETS): AlertmanagerConfig =>
    alertmanagerConfig({ receivers: ALERT_PRESETS[name].receivers });
  const kindsOf = ({ receivers }: AlertmanagerConfig): Record<string, string[]> =>
    Object.fromEntries(receivers.map(({ name, ...configs }) => [name, Object.keys(configs)]));

  it('wakes somebody for what is critical and for nothing else', () => {
    for (const name of ['codebook', 'ordo', 'booky', 'beo'] as const) {
      const waking = Object.entries(kindsOf(configOf(name))).filter(([, kinds]) => kinds.includes('pagerduty_configs'));
      expect(waking.map(([severity]) => severity)).toEqual(['critical']);
    }
  });

  it('writes to the channels of the guides, and ends of alerts as well (INC-05)', () => {
    const channels = (name: keyof typeof ALERT_PRESETS): unknown[] =>
      configOf(name).receivers.flatMap(({ slack_configs: slack }) => slack ?? []);
    expect(channels('builder')).toContainEqual(expect.objectContaining({ channel: '#incidents', send_resolved: true }));
    expect(channels('booky')).toContainEqual(expect.objectContaining({ channel: '#ops', send_resolved: true }));
  });

  it('knows the words of other rules, and has a receiver for whoever says none', () => {
    const { route } = configOf('ordo');
    expect(route.routes.map(({ receiver, matchers }) => [receiver, matchers])).toEqual([
      ['critical', ['severity=~"critical"']],
      ['high', ['severity=~"high"']],
      ['medium', ['severity=~"medium|warning"']],
      ['low', ['severity=~"low|info"']],
    ]);
    expect(route.receiver).toBe('medium');
  });

  it('posts to a status page and sends mails where that is said', () => {
    const { receivers } = ALERT_PRESETS.builder;
    const mail = { kind: 'email', to: 'security@booky.app' } as const;
    const config = alertmanagerConfig({
      receivers: { ...receivers, high: [mail] },
      statusPage: 'https://status.example/hook',
      smarthost: 'mail.example:587',
    });
    expect(kindsOf(config)).toMatchObject({ critical: ['slack_configs', 'webhook_configs'], high: ['email_configs'] });
    expect(config.global).toEqual({ smtp_smarthost: 'mail.example:587', smtp_from: 'alertmanager@localhost' });
  });
});
