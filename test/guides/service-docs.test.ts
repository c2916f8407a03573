import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createHealthRouter, ENVIRONMENT_VARIABLES, HEALTH_DEFAULTS } from 'express-runbook';
import { ROOT } from '../repo/source-files.js';
import { brokenLinks, codesIn, pagesBelow, sectionOf, tableIn, textOf } from './pages.js';

const SERVICE = 'examples/reference-server';
const DOCS = `${SERVICE}/docs`;
const HEALTH = `${DOCS}/api/health-endpoints.md`;
const ownPages = [`${SERVICE}/README.md`, ...pagesBelow(DOCS)];

describe('the documentation of a service', () => {
  it.each([
    ['an architecture diagram', 'ARCHITECTURE.md', 'Diagram'],
    ['a deployment', 'DEPLOYMENT.md', 'Step by step'],
    ['a way back', 'DEPLOYMENT.md', 'Rolling back'],
    ['a migration guide', 'DATABASE_ARCHITECTURE.md', 'Migration guide'],
    ['a plan for disasters', 'DISASTER_RECOVERY.md', 'Everything is lost'],
    ['a runbook of who is on call', 'ON_CALL.md', 'First five minutes'],
    ['API docs', '../README.md', 'API'],
    ['links to dashboards', 'ON_CALL.md', 'Dashboards'],
    ['where secrets are', 'SECURITY.md', 'Where secrets are'],
    ['how they are rotated', 'SECURITY.md', 'Rotating them'],
    ['contacts of vendors', 'CONTACTS.md', 'Vendors'],
  ])('has %s (DOC-01)', (_what, page, heading) => {
    expect(sectionOf(join(DOCS, page), heading).length).toBeGreaterThan(200);
  });

  it('has the pages that the guides name (DOC-02, DOC-03, DOC-04, DOC-05)', () => {
    const names = ['ARCHITECTURE', 'INCIDENT_RESPONSE', 'DEPLOYMENT', 'SECURITY', 'DATABASE_ARCHITECTURE'];
    const pages = [...names.map((name) => `${DOCS}/${name}.md`), HEALTH, 'CHANGELOG.md', 'docs/configuration.md'];
    expect(pages.filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
    expect(textOf('CHANGELOG.md')).toMatch(/^## \[/m);
  });

  it('tells of every variable of the environment (DOC-02)', () => {
    const told = codesIn(textOf('docs/configuration.md'));
    const names = ENVIRONMENT_VARIABLES.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(names.filter((name) => !told.includes(name))).toEqual([]);
  });

  it('leads to headings and files that are there', () => {
    expect(ownPages.flatMap((page) => brokenLinks(page).map((link) => `${page}: ${link}`))).toEqual([]);
  });

  it('names scripts, files, commands and variables that there are, and no other', () => {
    const { scripts } = JSON.parse(textOf(`${SERVICE}/package.json`)) as { scripts: Record<string, string> };
    const commands = [...textOf('docs/cli.md').matchAll(/^\| `([a-z][a-z -]*[a-z])(?: [[<][^`]*)?` \|/gm)];
    const names = commands.map(([, name = '']) => name);
    const wrong = ownPages.flatMap((page) => {
      const text = textOf(page);
      const called = [...text.matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
      const paths = codesIn(text).filter((code) => /^(?:deploy|scripts|migrations)\/[\w./-]+$/.test(code));
      const calls = [...text.matchAll(/express-runbook ([a-z][a-z -]*)/g)].map(([, words = '']) => `${words.trim()} `);
      return [
        ...called.filter((name) => scripts[name] === undefined),
        ...paths.filter((path) => !existsSync(join(ROOT, SERVICE, path))),
        ...calls.filter((call) => !names.some((name) => call.startsWith(`${name} `))),
        ...codesIn(text).filter((code) => /^[A-Z][A-Z\d]*_[A-Z\d_]+$/.test(code) && !isVariable(code)),
      ].map((what) => `${page}: ${what}`);
    });
    expect(wrong).toEqual([]);
  });

  it('marks what only a team can know', () => {
    for (const row of tableIn(sectionOf(`${DOCS}/CONTACTS.md`, 'Emergency contacts')))
      expect(row[1]).toMatch(/^FILL IN/);
    expect(textOf(`${DOCS}/README.md`)).toContain('`FILL IN`');
  });
});

describe('the page about health endpoints', () => {
  it('has paths that answer, and every check and shape that there is (DOC-02)', async () => {
    const paths = tableIn(sectionOf(HEALTH, 'Paths')).flatMap(([cell = '']) => codesIn(cell));
    expect(paths).toHaveLength(10);
    const app = express().use(createHealthRouter());
    for (const path of paths) expect([path, (await request(app).get(path)).status]).toEqual([path, 200]);
    const formats = tableIn(sectionOf(HEALTH, 'The body of /health')).map(([cell = '']) => codesIn(cell)[0]);
    expect(formats).toEqual(['details', 'checks', 'words', 'flat']);
    const accepts = ENVIRONMENT_VARIABLES.find(({ name }) => name === 'HEALTH_FORMAT');
    expect(JSON.stringify(accepts)).toContain('flat');
  });

  it('has the time-outs of the code, and the probes of the manifest', () => {
    const text = textOf(HEALTH).replaceAll(/\s+/g, ' ');
    expect(text).toContain(`waits ${HEALTH_DEFAULTS.responseDeadlineMs} ms`);
    expect(text).toContain(`(${HEALTH_DEFAULTS.cacheTtlMs / 1000} s) on \`/health\``);
    const manifest = parse(textOf(`${SERVICE}/deploy/kubernetes/builder.yaml`)) as Manifest;
    const [container] = manifest.spec.template.spec.containers;
    const rows = [container?.livenessProbe, container?.readinessProbe].map((probe) => [
      `\`${String(probe?.httpGet.path)}\``,
      ...[probe?.initialDelaySeconds, probe?.periodSeconds, probe?.timeoutSeconds].map(
        (seconds) => `${String(seconds)} s`,
      ),
      String(probe?.failureThreshold),
    ]);
    expect(tableIn(sectionOf(HEALTH, 'Probes of Kubernetes')).map(([, ...cells]) => cells)).toEqual(rows);
  });
});

describe('the page about the database', () => {
  it('has every table of the schema, and no other (DOC-04)', () => {
    const tables = [...textOf(`${SERVICE}/schema.sql`).matchAll(/^CREATE TABLE (\w+)/gm)].map(([, name]) => name);
    const section = sectionOf(`${DOCS}/DATABASE_ARCHITECTURE.md`, 'Tables');
    expect(
      tableIn(section)
        .flatMap(([cell = '']) => codesIn(cell))
        .sort(),
    ).toEqual(tables.sort());
    expect(section).toContain('`"User"` is a view');
  });
});

interface Probe {
  readonly httpGet: { readonly path: string };
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

interface Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly livenessProbe: Probe; readonly readinessProbe: Probe }[];
      };
    };
  };
}

const VARIABLES = new Set(ENVIRONMENT_VARIABLES.flatMap(({ name, aliases }) => [name, ...aliases]));
// Read by scripts and assets of the reference server, and by the client of the bucket.
const OF_SCRIPTS = ['scripts/backup.sh', 'scripts/deploy.sh', 'deploy/cron/vectors', 'docker-compose.prod.yml']
  .map((path) => readFileSync(join(ROOT, SERVICE, path), 'utf8'))
  .join('\n');

function isVariable(name: string): boolean {
  return VARIABLES.has(name) || new RegExp(`\\b${name}\\b`).test(OF_SCRIPTS);
}
