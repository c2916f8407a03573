import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Gauge, Registry } from 'prom-client';
import { isRegistry, isText } from '../../core/checks.js';
import { requireOption, resolveOptions } from '../../core/options.js';
import { gauge } from '../../instruments/instruments.js';

export interface CertificateOptions {
  /** Where to show it; required. */
  registry: Registry;
  /** Which certificate it is, e.g. `api.example.com`: the label of its series. Required. */
  name: string;
  /** The file, in PEM: of a chain the first certificate, which is the server's own, counts. Required. */
  path: string;
}

/**
 * Shows until when a TLS certificate is valid as `tls_certificate_not_after_timestamp_seconds{name}`; the days that are left are
 * `(tls_certificate_not_after_timestamp_seconds - time()) / 86400`. The file is read at each scrape, so that a renewal shows at
 * once. One that cannot be read counts in `metrics_collector_errors_total`.
 *
 * @example
 * observeCertificate({ registry: metrics.registry, name: 'api', path: '/etc/letsencrypt/live/api/fullchain.pem' });
 */
export function observeCertificate(options: CertificateOptions): void {
  const checks = { registry: isRegistry, name: isText, path: isText };
  const { registry, name, path } = resolveOptions('observeCertificate', options, {}, checks);
  requireOption('observeCertificate', 'registry', registry, 'createMetrics() makes one');
  requireOption('observeCertificate', 'name', name, "say which one, e.g. { name: 'api' }");
  requireOption('observeCertificate', 'path', path, 'say where its file is');
  pathsOf(notAfterGauge(registry)).set(name, path);
}

// On the gauge itself: whoever observes a second certificate finds the first one's.
const PATHS = Symbol.for('express-runbook.observed-certificates.v0');

interface WithPaths extends Gauge<'name'> {
  [PATHS]?: Map<string, string>;
}

function pathsOf(owner: WithPaths): Map<string, string> {
  return (owner[PATHS] ??= new Map<string, string>());
}

function notAfterGauge(registry: Registry): Gauge<'name'> {
  return gauge(registry, {
    name: 'tls_certificate_not_after_timestamp_seconds',
    help: 'When the certificate stops being valid, in seconds since 1970.',
    labelNames: ['name'],
    aggregator: 'min',
    async collect() {
      for (const [name, path] of pathsOf(this)) {
        const { validTo } = new X509Certificate(await readFile(path));
        this.set({ name }, Date.parse(validTo) / 1000);
      }
    },
  });
}
