import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GRACEFUL_SHUTDOWN_DEFAULTS, HEALTH_DEFAULTS, loadConfig, MEMORY_CHECK_DEFAULTS } from 'express-runbook';
import { testApp } from 'express-runbook/testing';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { strayPieces } from './pieces-of.js';
import { rowsOf } from './snippets-of.js';

const PAGE = 'docs/guides/kubernetes.md';
const read = (name: string): string => readFileSync(join(REFERENCE_SERVER, 'deploy/kubernetes', name), 'utf8');

interface Container {
  readonly image: string;
  readonly command?: readonly string[];
  readonly envFrom: unknown;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly resources: { readonly limits: { readonly memory: string; readonly cpu?: string } };
  readonly securityContext: object;
  readonly readinessProbe: { readonly timeoutSeconds: number };
}
interface Workload {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: { readonly labels: { readonly app: string } };
      readonly spec: { readonly terminationGracePeriodSeconds: number; readonly containers: readonly [Container] };
    };
  };
}

const deployment = parse(read('builder.yaml')) as Workload;
const { spec: pod, metadata } = deployment.spec.template;
const [container] = pod.containers;
const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
const rows = rowsOf(PAGE);
const text = readFileSync(new URL(`../../${PAGE}`, import.meta.url), 'utf8');

describe('the page about Kubernetes', () => {
  it('shows pieces of the manifests, and nothing else as if it were one', () => {
    expect(strayPieces(PAGE, 'yaml')).toEqual([]);
  });

  it('names probes that are there, of which liveness alone goes on saying yes (HLT-16)', async () => {
    const { app, ops, close } = testApp(() => undefined);
    const paths = [...rows.keys()].filter((key) => key.startsWith('/health'));
    expect(paths).toHaveLength(4);
    for (const path of paths) await request(app).get(path).expect(200);
    await ops.shutdown.shutdown('test');
    await request(app).get('/health/readiness').expect(503);
    await request(app).get('/health/liveness').expect(200);
    expect(paths.filter((path) => rows.get(path)?.[1] === 'never')).toEqual(['/health/liveness']);
    await close();
  });

  it('adds up to less than what Kubernetes waits, with the numbers of the code (PRC-03)', () => {
    const { shutdown } = loadConfig({
      env: { ...env, ...SECRETS, KUBERNETES_SERVICE_HOST: '10.0.0.1' },
      envFile: false,
    });
    const { hookTimeoutMs } = GRACEFUL_SHUTDOWN_DEFAULTS;
    expect(text).toContain(`\`SHUTDOWN_DELAY_MS\` | ${shutdown.delayMs} ms`);
    expect(text).toContain(`\`SHUTDOWN_TIMEOUT_MS\` | ${shutdown.timeoutMs} ms`);
    expect(text).toContain(`\`hookTimeoutMs\` | ${hookTimeoutMs} ms`);
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(
      shutdown.delayMs + shutdown.timeoutMs + hookTimeoutMs,
    );
    expect(text).toContain(`an answer takes ${HEALTH_DEFAULTS.responseDeadlineMs} ms at most`);
    expect(container.readinessProbe.timeoutSeconds * 1000).toBeGreaterThan(HEALTH_DEFAULTS.responseDeadlineMs);
  });

  it('leaves a quarter of the memory limit beside the heap, which is more than what the check calls critical', () => {
    const heapOf = (limit: string): number => (mebibytes(limit) * 3) / 4;
    const table = [...text.matchAll(/^\| (\d+[GM]i) \| (\d+) \|$/gm)];
    expect(table.length).toBeGreaterThan(2);
    for (const [, limit = '', heap] of table) expect(Number(heap)).toBe(heapOf(limit));
    const { limits } = container.resources;
    expect(env.NODE_OPTIONS).toBe(`--max-old-space-size=${heapOf(limits.memory)}`);
    // A heap that fills up must not be what makes the container look full.
    expect(heapOf(limits.memory)).toBeLessThan(
      (mebibytes(limits.memory) * MEMORY_CHECK_DEFAULTS.criticalPercent) / 100,
    );
    expect(limits.cpu).toBeUndefined();
  });

  it('scales the pods of the deployment, as far as the connections of a database allow', () => {
    const [service, budget, scaler] = parseAllDocuments(read('builder-scaling.yaml')).map(
      (document) => document.toJS() as { kind: string; spec: Record<string, unknown> },
    );
    expect([service?.kind, budget?.kind, scaler?.kind]).toEqual([
      'Service',
      'PodDisruptionBudget',
      'HorizontalPodAutoscaler',
    ]);
    expect(service?.spec).toMatchObject({ selector: metadata.labels, ports: [{ port: 80, targetPort: 3000 }] });
    expect(budget?.spec).toMatchObject({ maxUnavailable: 1, selector: { matchLabels: metadata.labels } });
    expect(scaler?.spec).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: deployment.metadata.name },
      minReplicas: deployment.spec.replicas,
    });
    // PostgreSQL's own defaults: max_connections 100, of which 3 are for superusers.
    const wanted = (Number(scaler?.spec.maxReplicas) + 1) * Number(env.DB_POOL_SIZE);
    expect(wanted).toBeLessThanOrEqual(97 * 0.8);
    expect(text).toContain(`${env.DB_POOL_SIZE ?? ''} × ${Number(scaler?.spec.maxReplicas) + 1} = ${wanted} of 97`);
  });

  it('migrates with the image, the secret and the account of the service', () => {
    const job = parse(read('builder-migrate.yaml')) as Workload & { kind: string };
    expect(job.kind).toBe('Job');
    const [migrate] = job.spec.template.spec.containers;
    const { image, envFrom, securityContext } = container;
    expect(migrate).toMatchObject({ image, envFrom, securityContext });
    expect(migrate.env).toEqual(container.env.slice(0, 2));
    // It must not get requests of the service.
    expect(job.spec.template.metadata.labels.app).not.toBe(metadata.labels.app);
  });

  it('names checks of the doctor that there are', () => {
    const known = rowsOf('docs/guides/doctor.md');
    const section = text.slice(text.indexOf('## What the doctor looks at'));
    const named = [...section.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, ids = '']) =>
      ids.split(', ').map((id) => id.replaceAll('`', '')),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

const SECRETS = { NODE_ENV: 'production', JWT_SECRET: 'j'.repeat(40), REFRESH_TOKEN_SECRET: 'r'.repeat(40) };

function mebibytes(quantity: string): number {
  const [, number = '', unit] = /^(\d+)([GM])i$/.exec(quantity) ?? [];
  return Number(number) * (unit === 'G' ? 1024 : 1);
}
