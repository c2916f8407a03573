import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  ALERT_PRESETS,
  backupRules,
  GUIDE_RULES,
  NOT_SHOWN,
  prometheusRules,
  type AlertPreset,
  type GrafanaDashboard,
  type RuleFile,
} from 'express-runbook/alerts';
import { cliIn } from '../cli/cli.js';
import { ROOT } from '../repo/source-files.js';
import { familiesIn, labelsIn, metricsIn } from '../support/promql-names.js';
import { requireTool } from '../support/real-tools.js';
import { launch, REFERENCE_SERVER, type ReferenceServer } from '../support/reference-server.js';

const FOLDER = join(REFERENCE_SERVER, 'deploy/monitoring');
const BOARDS = ['service', 'database', 'runtime', 'work'];
const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8');
const promtool = requireTool('promtool');
const amtool = requireTool('amtool');
const openssl = requireTool('openssl');

const dashboards = BOARDS.map((name) => JSON.parse(read(`grafana/dashboards/${name}.json`)) as GrafanaDashboard);
const panels = dashboards.flatMap((dashboard) => dashboard.panels.filter(({ targets }) => targets !== undefined));
const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

const objectives = [{ target: 0.999 }, { target: 0.95, withinSeconds: 0.5 }];
const rules = Object.values<AlertPreset>(ALERT_PRESETS)
  .map(({ rules }): RuleFile => prometheusRules({ rules, objectives }))
  .concat(GUIDE_RULES, prometheusRules({ rules: backupRules({ rpoSeconds: 86_400 }) }))
  .flatMap(({ groups }) => groups.flatMap((group) => group.rules));
const recorded = new Set(rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
const expressions = [...shown, ...rules.map(({ expr }) => expr)];

describe('what is generated from the tables', () => {
  it('is what lies in the repository: npm run generate', async () => {
    const { MONITORING_CALLS } = (await import(pathToFileURL(join(ROOT, '.ci/monitoring.mjs')).href)) as {
      MONITORING_CALLS: readonly (readonly string[])[];
    };
    for (const call of MONITORING_CALLS) {
      const { exitCode, stdout } = await cliIn(ROOT, [...call, '--check']);
      expect(stdout.split('\n').filter((line) => !/^unchanged|^$/.test(line))).toEqual([]);
      expect(exitCode).toBe(0);
    }
  });

  it('are the dashboard of the runbook, with its links, and three more (MET-41)', () => {
    expect(dashboards.map(({ uid }) => uid)).toEqual([
      'booky-backend',
      'booky-backend-database',
      'booky-backend-runtime',
      'booky-backend-work',
    ]);
    for (const { links } of dashboards) {
      const urls = (links as { url?: string }[]).map(({ url }) => url);
      expect(urls).toEqual([undefined, 'https://prometheus.booky.app', 'https://kibana.booky.app']);
    }
  });

  it('says of each panel what it shows, in which unit, and never twice the same title on a dashboard', () => {
    for (const one of panels) {
      expect(one, one.title).toMatchObject({
        description: expect.stringMatching(/\.$/) as unknown,
        fieldConfig: { defaults: { unit: expect.stringMatching(/./) as unknown } },
        datasource: { uid: '${datasource}' },
      });
    }
    for (const { panels: all } of dashboards) expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    expect(panels.length).toBeGreaterThan(60);
  });

  it('asks for the chosen service and instances only, and for rates over what Grafana says', () => {
    for (const expr of shown) {
      for (const name of metricsIn(expr)) expect(expr, name).toContain(`${name}{job="$job",instance=~"$instance"`);
      expect(expr).not.toMatch(/rate\([^)]*\[(?!\$__rate_interval)/);
    }
  });

  it('has a page for each alert, which has the four parts of a runbook', () => {
    const alerts = (parse(read('alerts.yml')) as RuleFile).groups.flatMap((group) => group.rules);
    const urls = alerts.flatMap((rule) => ('alert' in rule ? [rule.annotations.runbook_url ?? ''] : []));
    expect(urls.length).toBeGreaterThan(15);
    for (const url of urls) {
      const headings = [...read(url).matchAll(/^## (\w+)$/gm)].map(([, heading]) => heading);
      expect(headings, url).toEqual(['Meaning', 'Impact', 'Diagnosis', 'Cure']);
    }
  });
});

describe.skipIf(!openssl.isInstalled)('rules, panels and a live scrape', () => {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-'));
  let servers: ReferenceServer[];
  let exposition: string;

  beforeAll(async () => {
    const env = { DATABASE_URL: 'postgres://127.0.0.1:1/none', LOG_LEVEL: 'fatal' };
    // Between them they have all that a service can show: services and Redis here, a cache in memory there.
    servers = await Promise.all([
      launch({ env: { ...env, OPS_PROFILE: 'codebook', REDIS_URL: 'redis://127.0.0.1:1' } }),
      launch({ env: { ...env, METRICS_TLS_CERTIFICATE: certificate() } }),
    ]);
    const texts = await Promise.all(servers.map(async ({ url }) => scrapeAfterTraffic(url)));
    exposition = texts.join('\n');
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });

  async function scrapeAfterTraffic(url: string): Promise<string> {
    for (const path of ['/health', '/dev/error?kind=plain', '/nowhere']) await fetch(url + path);
    return (await fetch(`${url}/metrics`)).text();
  }

  function certificate(): string {
    const path = join(folder, 'api.pem');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', join(folder, 'key.pem')];
    openssl.exec(['req', '-x509', '-nodes', ...key, '-subj', '/CN=api', '-days', '20', '-out', path]);
    return path;
  }

  it('name only metrics that are there (ALR-26)', () => {
    const there = new Set([...familiesIn(exposition).values()].flat());
    const asked = new Set(expressions.flatMap(metricsIn));
    expect(asked.size).toBeGreaterThan(90);
    expect([...asked].filter((name) => !there.has(name) && !recorded.has(name))).toEqual([]);
  });

  it('show each metric that is there, or say why not', () => {
    const asked = new Set(shown.flatMap(metricsIn));
    const families = familiesIn(exposition);
    const hidden = [...families]
      .filter(([, samples]) => !samples.some((name) => asked.has(name)))
      .map(([name]) => name);
    expect(hidden.sort()).toEqual(Object.keys(NOT_SHOWN).sort());
    for (const reason of Object.values(NOT_SHOWN)) expect(reason.length).toBeGreaterThan(10);
  });

  it('group by labels that these metrics have', () => {
    const lines = exposition.split('\n');
    let compared = 0;
    for (const expr of expressions) {
      // Some have no series before the first event.
      const series = metricsIn(expr).flatMap((name) => lines.filter((line) => line.startsWith(`${name}{`)));
      if (series.length === 0) continue;
      for (const label of labelsIn(expr)) {
        compared++;
        expect(
          series.some((line) => new RegExp(`[{,]${label}="`).test(line)),
          `${label} in ${expr}`,
        ).toBe(true);
      }
    }
    expect(compared).toBeGreaterThan(60);
  });

  it.skipIf(!promtool.isInstalled)('ask in PromQL that Prometheus understands', () => {
    const file = join(folder, 'panels.json');
    const records = shown.map((expr, index) => ({
      record: `panel_${index}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'all', rules: records }] }));
    expect(promtool.exec(['check', 'rules', file])).toContain(`SUCCESS: ${shown.length} rules found`);
  });
});

describe('the stack of Prometheus, Alertmanager and Grafana (MET-40, DEP-05)', () => {
  interface Service {
    readonly image: string;
    readonly ports: readonly string[];
    readonly volumes: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  }
  const { services } = parse(read('compose.yml')) as { services: Record<string, Service> };

  it('is that of the guide, with a password and a port that can be set (CFG-44, X-11)', () => {
    expect(services).toMatchObject({
      prometheus: { image: 'prom/prometheus', ports: ['9090:9090'] },
      grafana: {
        image: 'grafana/grafana',
        ports: ['${GRAFANA_PORT:-3005}:3000'],
        environment: { GF_SECURITY_ADMIN_PASSWORD: '${GF_SECURITY_ADMIN_PASSWORD:-secret}' },
      },
    });
    expect(services.prometheus?.volumes).toContain('./prometheus.yml:/etc/prometheus/prometheus.yml:ro');
  });

  it('mounts files that are there', () => {
    const mounted = Object.values(services).flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')[0]!));
    expect(mounted.filter((path) => !existsSync(join(FOLDER, path)))).toEqual([]);
    expect(parse(read('grafana/provisioning/dashboards/backend.yml'))).toMatchObject({
      providers: [{ options: { path: '/var/lib/grafana/dashboards' } }],
    });
  });

  it.skipIf(!promtool.isInstalled)('scrapes and alerts as Prometheus understands it', () => {
    const said = promtool.exec(['check', 'config', join(FOLDER, 'prometheus.yml')]);
    expect(said).toContain('SUCCESS: 1 rule files found');
    expect(said).not.toContain('FAILED');
  });

  it.skipIf(!amtool.isInstalled)('routes as Alertmanager understands it', () => {
    expect(amtool.exec(['check-config', join(FOLDER, 'alertmanager.yml')])).toContain('SUCCESS');
  });

  it('keeps the secrets of Alertmanager out of the repository (ALR-25)', () => {
    expect(readdirSync(join(FOLDER, 'secrets')).sort()).toEqual(['.gitignore', 'README.md']);
    expect(read('secrets/.gitignore')).toBe('*\n!.gitignore\n!README.md\n');
    expect(read('alertmanager.yml')).not.toMatch(/https?:/);
  });
});
