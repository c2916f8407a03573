import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../repo/source-files.js';
import { requireTool } from '../support/real-tools.js';
import { launch, REFERENCE_SERVER, type ReferenceServer } from '../support/reference-server.js';

const FOLDER = join(REFERENCE_SERVER, 'deploy/monitoring');
const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8');
const promtool = requireTool('promtool');

interface Dashboard {
  readonly uid: string;
  readonly links: readonly { readonly url: string }[];
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
}

const dashboard = JSON.parse(read('grafana/dashboards/backend.json')) as Dashboard;
const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** The names of metrics in an expression: what is left without labels, words of PromQL and numbers. */
function namesIn(expr: string): string[] {
  const bare = expr.replace(/\{[^}]*\}|\[\w+\]|by \([^)]*\)/g, ' ');
  return [...bare.matchAll(/[a-z]\w*(?!\w|\s*\()/g)].map(([name]) => name).filter((name) => name !== 'sum');
}

describe('the dashboard (MET-41)', () => {
  let server: ReferenceServer;
  let exposition: string;

  beforeAll(async () => {
    server = await launch({ env: { DATABASE_URL: 'postgres://127.0.0.1:1/none', LOG_LEVEL: 'fatal' } });
    exposition = await (await fetch(`${server.url}/metrics`)).text();
  });
  afterAll(() => server.stop());

  it('is the one of the runbook, with its links, made of the table', async () => {
    expect(dashboard.uid).toBe('booky-backend');
    expect(dashboard.links.map(({ url }) => url)).toEqual(['https://prometheus.booky.app', 'https://kibana.booky.app']);
    const { dashboard: generated } = (await import(pathToFileURL(join(ROOT, '.ci/dashboard.mjs')).href)) as {
      dashboard: () => string;
    };
    expect(read('grafana/dashboards/backend.json'), 'npm run generate').toBe(generated());
  });

  it('asks for metrics that the service has, and for all of its health', () => {
    const types = [...exposition.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
    const samples = types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    );
    const asked = new Set(expressions.flatMap(namesIn));
    expect(asked.size).toBeGreaterThan(30);
    expect([...asked].filter((name) => !samples.includes(name))).toEqual([]);
    const ofHealth = types.map(([, name = '']) => name).filter((name) => name.startsWith('health_'));
    expect(ofHealth.filter((name) => !expressions.some((expr) => expr.includes(name)))).toEqual([]);
  });

  it('groups by labels that these metrics have', () => {
    for (const expr of expressions) {
      for (const [, list = ''] of expr.matchAll(/by \(([^)]*)\)/g)) {
        const [name = ''] = namesIn(expr);
        const series = exposition.split('\n').filter((line) => line.startsWith(`${name}{`));
        for (const label of list.split(', ')) {
          // Some have no series before the first event.
          if (series.length > 0) expect(series[0], `${label} in ${expr}`).toMatch(new RegExp(`[{,]${label}="`));
        }
      }
    }
  });

  it.skipIf(!promtool.isInstalled)('asks in PromQL that Prometheus understands', () => {
    const rules = expressions.map((expr, index) => ({ record: `panel_${index}`, expr }));
    const file = join(mkdtempSync(join(tmpdir(), 'dashboard-')), 'rules.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'all', rules }] }));
    const said = promtool.exec(['check', 'rules', file]);
    expect(said).toContain(`SUCCESS: ${expressions.length} rules found`);
  });
});

describe('the stack of Prometheus and Grafana (MET-40, DEP-05)', () => {
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

  it.skipIf(!promtool.isInstalled)('scrapes as Prometheus understands it', () => {
    expect(promtool.exec(['check', 'config', join(FOLDER, 'prometheus.yml')])).toContain('SUCCESS');
  });
});
