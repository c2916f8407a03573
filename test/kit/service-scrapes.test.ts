import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { createOps, extendContext, loadConfig, type Ops } from 'express-runbook';
import { ROOT } from '../repo/source-files.js';
import { freePort } from '../support/reference-server.js';

const started: Ops[] = [];

afterEach(async () => {
  for (const ops of started.splice(0)) await ops.shutdown.shutdown();
});

/** Where a service with these variables serves. */
async function serve(env: Record<string, string>): Promise<string> {
  const quiet = { LOG_LEVEL: 'fatal', LOG_REQUESTS: 'false', HOST: '127.0.0.1', PORT: '0' };
  const config = loadConfig({ env: { ...quiet, ...env }, envFile: false });
  const ops = createOps({ service: 'scraped', config });
  started.push(ops);
  const app = express().use(ops.before);
  app.get('/as/:client', (req, res) => {
    extendContext({ clientId: req.params.client });
    res.json({});
  });
  const server = await ops.listen(app.use(ops.after));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('whoever asks a service for its metrics (SEC-20)', () => {
  it('gets them when nothing else is said (X-64)', async () => {
    await request(await serve({}))
      .get('/metrics')
      .expect(200);
  });

  it('must have the token that METRICS_TOKEN says', async () => {
    const url = await serve({ METRICS_TOKEN: 'let-me-in' });
    await request(url).get('/metrics').expect(401);
    await request(url).get('/metrics').set('Authorization', 'Bearer let-me-in').expect(200);
  });

  it('sees clients apart as METRICS_MAX_CLIENTS allows (MET-02, X-57)', async () => {
    const url = await serve({ METRICS_MAX_CLIENTS: '1' });
    for (const client of ['acme', 'booky']) await request(url).get(`/as/${client}`).expect(200);
    const counted = async (): Promise<string> => (await request(url).get('/metrics')).text;
    const series = 'http_requests_total{method="GET",endpoint="/as/:client",status="200"';
    await expect.poll(counted).toContain(`${series},client_id="__other__"} 1`);
    expect(await counted()).toContain(`${series},client_id="acme"} 1`);
  });

  it('learns when the certificate of METRICS_TLS_CERTIFICATE ends (MET-32, ALR-14)', async () => {
    const fixture = join(ROOT, 'test/kit/fixtures/certificate.pem');
    const { text } = await request(await serve({ METRICS_TLS_CERTIFICATE: fixture })).get('/metrics');
    const seconds = Date.parse(new X509Certificate(readFileSync(fixture)).validTo) / 1000;
    expect(text).toContain(`tls_certificate_not_after_timestamp_seconds{name="scraped"} ${seconds}\n`);
  });

  it('must come from a network that METRICS_NETWORKS names', async () => {
    await request(await serve({ METRICS_NETWORKS: '10.0.0.0/8' }))
      .get('/metrics')
      .expect(403);
    await request(await serve({ METRICS_NETWORKS: '10.0.0.0/8, 127.0.0.1' }))
      .get('/metrics')
      .expect(200);
  });

  it('must ask on METRICS_PORT where it is set, until the service has shut down', async () => {
    const port = await freePort();
    const url = await serve({ METRICS_PORT: String(port) });
    const own = `http://127.0.0.1:${port}`;
    await request(url).get('/metrics').expect(404);
    await request(own).get('/metrics').expect(200);
    await request(own).get('/health').expect(404);
    await started.pop()?.shutdown.shutdown();
    await expect(fetch(`${own}/metrics`)).rejects.toThrow();
  });
});

it('refuses networks that are none, by the name of the variable', () => {
  expect(() => loadConfig({ env: { METRICS_NETWORKS: '10.0.0.0/8,everybody' }, envFile: false })).toThrow(
    /METRICS_NETWORKS.*must be addresses or CIDR ranges/,
  );
});
