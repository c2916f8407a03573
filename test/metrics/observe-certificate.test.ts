import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createMetrics, observeCertificate } from 'express-runbook';
import { requireTool } from '../support/real-tools.js';
import { valueOf } from './exposition-value.js';

const openssl = requireTool('openssl');
const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function certificate(name: string, days: number): string {
  const path = join(folder, `${name}.pem`);
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=x'];
  openssl.exec([...request, '-keyout', join(folder, 'key.pem'), '-out', path, '-days', String(days)]);
  return path;
}

it.skipIf(!openssl.isInstalled)(
  'shows how long certificates are valid, and a renewed one at once (MET-32)',
  async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const { registry } = metrics;
    const days = async (name: string) => {
      const notAfter = valueOf(await metrics.render(), `tls_certificate_not_after_timestamp_seconds{name="${name}"}`);
      return Math.round((notAfter! - Date.now() / 1000) / 86_400);
    };
    observeCertificate({ registry, name: 'api', path: certificate('api', 20) });
    observeCertificate({ registry, name: 'admin', path: certificate('admin', 3) });
    expect([await days('api'), await days('admin')]).toEqual([20, 3]);
    certificate('admin', 90);
    expect(await days('admin')).toBe(90);
  },
);

it('counts a file that cannot be read and shows everything else', async () => {
  const metrics = createMetrics({ defaultMetrics: false });
  observeCertificate({ registry: metrics.registry, name: 'api', path: join(folder, 'missing.pem') });
  const text = await metrics.render();
  const errors = 'metrics_collector_errors_total{metric="tls_certificate_not_after_timestamp_seconds"}';
  expect(valueOf(text, errors)).toBe(1);
  expect(text).toContain('app_build_info');
});
