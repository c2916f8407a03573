import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { createHealthRouter } from 'express-runbook';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
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

function containerOf(file: string): Container {
  const deployment = parse(readFileSync(join(FOLDER, file), 'utf8')) as {
    spec: { template: { spec: { containers: [Container] } } };
  };
  return deployment.spec.template.spec.containers[0];
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

  it.each(readdirSync(FOLDER))('ask in %s on the port of the container, for paths that are there', async (file) => {
    const { ports, livenessProbe, readinessProbe } = containerOf(file);
    const app = express().use(createHealthRouter());
    for (const { httpGet } of [livenessProbe, readinessProbe]) {
      expect(httpGet.port).toBe(ports[0]?.containerPort);
      await request(app).get(httpGet.path).expect(200);
    }
  });
});
