import express from 'express';
import { createHealthRouter, type HealthOptions, type LifecycleState } from 'express-runbook';
import request from 'supertest';
import { describe, expect, it } from 'vitest';

const ENDPOINTS = [
  ['health', '/health'],
  ['liveness', '/livez'],
  ['readiness', '/readyz'],
  ['startup', '/startupz'],
] as const;

describe('what a health endpoint answers without (req, res) (X-62)', () => {
  it.each<[string, HealthOptions]>([
    ['a service that is well', {}],
    ['one that shows details', { details: 'always', format: 'checks', version: '1.2.3' }],
    ['one that may not show them to everybody', { authorise: () => true }],
    ['one that starts', { state: (): LifecycleState => 'starting' }],
    ['one whose check is down', { checks: [{ name: 'database', run: () => ({ status: 'down', message: 'away' }) }] }],
  ])('is what the route answers to everybody: %s', async (_what, options) => {
    const fixed = { now: () => 0, uptimeSeconds: () => 7 };
    const health = createHealthRouter({ checks: [{ name: 'database', run: () => undefined }], ...fixed, ...options });
    const everybody = createHealthRouter({
      checks: [{ name: 'database', run: () => undefined }],
      ...fixed,
      ...options,
      authorise: undefined,
    });
    const app = express().use(everybody);
    for (const [endpoint, path] of ENDPOINTS) {
      const { statusCode, headers, body } = await health.answer(endpoint);
      const sent = await request(app).get(path);
      const withoutTimes = (text: string): string => text.replaceAll(/"(?:latency|responseTime)":[\d.]+/g, '').trim();
      expect([statusCode, withoutTimes(body)]).toEqual([sent.status, withoutTimes(sent.text)]);
      const response = new Response(body, { status: statusCode, headers });
      for (const name of ['content-type', 'cache-control']) expect(response.headers.get(name)).toBe(sent.headers[name]);
    }
  });
});
