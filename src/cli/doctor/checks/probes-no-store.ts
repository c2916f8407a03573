import { check } from '../doctor-check.js';
import { fail, ok, type Finding } from '../finding.js';
import { PROBES } from '../service/probe-names.js';
import type { Service } from '../service/service.js';

const CURE = 'Cache-Control: no-store and no ETag on probes, and no cache in front of them';

export const probesNoStore = check({
  id: 'probes.no-store',
  title: 'whether answers of probes can be kept by a cache',
  needs: ['service'],
  async run({ service }) {
    const found = (await Promise.all(Object.values(PROBES).map((path) => problemOf(path, service)))).flat();
    return found.length > 0 ? found : ok('no cache may keep the answer of a probe');
  },
});

async function problemOf(path: string, service: Service): Promise<Finding[]> {
  const { headers } = await service.ask(path);
  if (!/\bno-store\b/.test(headers['cache-control'] ?? '')) {
    return [fail(`${path} does not say no-store: a cache may answer for a service that is down`, CURE)];
  }
  if (headers.age !== undefined) return [fail(`${path} comes from a cache (Age: ${headers.age})`, CURE)];
  if (headers.etag === undefined) return [];
  const again = await service.ask(path, { headers: { 'If-None-Match': headers.etag } });
  return again.status === 304 ? [fail(`${path} answers 304, which some probes take for a failure`, CURE)] : [];
}
