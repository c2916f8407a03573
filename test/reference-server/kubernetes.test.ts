import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { createHealthRouter } from 'express-runbook';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../repo/source-files.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';

interface Probe {
  httpGet: { path: string; port: number };
  initialDelaySeconds: number;
  periodSeconds: number;
}

interface Container {
  ports: { containerPort: number }[];
  env: { name: string; value: string }[];
  livenessProbe: Probe;
  readinessProbe: Probe;
}

const FOLDER = join(REFERENCE_SERVER, 'deploy/kubernetes');
const DEPLOYMENTS = ['booky.yaml', 'builder.yaml', 'codebook-as-printed.yaml', 'codebook.yaml'];

function containerOf(file: string): Container {
  const deployment = parse(readFileSync(join(FOLDER, file), 'utf8')) as {
    spec: { template: { spec: { containers: [Container] } } };
  };
  return deployment.spec.template.spec.containers[0];
}

function deployments(): string[] {
  return readdirSync(FOLDER).filter((file) => /^kind: Deployment$/m.test(readFileSync(join(FOLDER, file), 'utf8')));
}

describe('the manifests for Kubernetes', () => {
  it('have the probes of the Builder runbook (HLT-08, HLT-09)', () => {
    const { livenessProbe, readinessProbe } = containerOf('builder.yaml');
    expect(livenessProbe).toEqual({
      httpGet: { path: '/health/liveness', port: 3000 },
      initialDelaySeconds: 30,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
    expect(readinessProbe).toEqual({
      httpGet: { path: '/health/readiness', port: 3000 },
      initialDelaySeconds: 10,
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 3,
    });
  });

  it('have the probes of the Codebook runbook as printed, and beside them those that outlive an outage (HLT-10, X-52)', () => {
    const printed = containerOf('codebook-as-printed.yaml');
    expect(printed.livenessProbe).toEqual({
      httpGet: { path: '/health', port: 8000 },
      initialDelaySeconds: 30,
      periodSeconds: 10,
    });
    expect(printed.readinessProbe).toEqual({
      httpGet: { path: '/health', port: 8000 },
      initialDelaySeconds: 5,
      periodSeconds: 5,
    });
    expect(containerOf('codebook.yaml').livenessProbe.httpGet.path).toBe('/health/liveness');
  });

  it('have the deployment of the Codebook runbook, with its names, replicas and bounds (DEP-02)', () => {
    const { metadata, spec } = parse(readFileSync(join(FOLDER, 'codebook.yaml'), 'utf8')) as {
      metadata: unknown;
      spec: { replicas: number; template: { spec: { containers: unknown[] } } };
    };
    expect(metadata).toEqual({ name: 'codebook-backend', labels: { app: 'codebook-backend' } });
    expect(spec.replicas).toBe(3);
    expect(spec.template.spec.containers).toMatchObject([
      {
        name: 'api',
        envFrom: [{ secretRef: { name: 'codebook-secrets' } }],
        resources: { requests: { memory: '512Mi', cpu: '500m' }, limits: { memory: '1Gi', cpu: '1000m' } },
      },
    ]);
  });

  it('are of three services, one of them as printed too', () => {
    expect(deployments()).toEqual(DEPLOYMENTS);
  });

  it.each(deployments())('ask in %s on the port of the container, for paths that are there', async (file) => {
    const { ports, livenessProbe, readinessProbe } = containerOf(file);
    const app = express().use(createHealthRouter());
    for (const { httpGet } of [livenessProbe, readinessProbe]) {
      expect(httpGet.port).toBe(ports[0]?.containerPort);
      await request(app).get(httpGet.path).expect(200);
    }
  });
});

describe('the image', () => {
  it('is built in two stages, runs node itself as an ordinary user, and copies what is there (DEP-01, PRC-14)', () => {
    const text = readFileSync(join(REFERENCE_SERVER, 'Dockerfile'), 'utf8');
    const lines = text.split('\n').filter((line) => /^[A-Z]+ /.test(line));
    expect(lines.filter((line) => line.startsWith('FROM '))).toEqual([
      'FROM node:20-alpine AS builder',
      'FROM node:20-alpine',
    ]);
    const run = lines.slice(lines.lastIndexOf('FROM node:20-alpine'));
    expect(run).toEqual(
      expect.arrayContaining(['WORKDIR /app', 'EXPOSE 8000', 'USER node', 'CMD ["node", "dist/index.js"]']),
    );
    const copied = run
      .flatMap((line) => [...line.matchAll(/ \/app\/(?!node_modules|dist|\S*\/dist)(\S+)/g)])
      .map(([, path]) => path);
    expect(copied.length).toBeGreaterThan(3);
    for (const path of copied) expect(existsSync(join(ROOT, path ?? ''))).toBe(true);
  });
});
