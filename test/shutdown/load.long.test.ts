import { describe, expect, it } from 'vitest';
import { startTraffic } from '../support/traffic.js';
import { startService } from './service.js';

const COMPLETED = 'Shutdown completed';
// A loaded machine may keep the clients from their next request for seconds; where they come in time this costs nothing.
const PATIENT = { silentSocketGraceMs: 20_000, timeoutMs: 40_000 };
const CLIENTS = { keepAlive: 200, fresh: 50, thinkMs: 250 };

describe('a SIGTERM in the middle of 200 kept connections and 50 clients that open new ones', () => {
  it('loses nothing behind a load balancer that looks away 250 ms after the first 503 (PRC-01, F11)', async () => {
    const service = await startService({
      counts: true,
      options: { ...PATIENT, delayMs: 3_000 },
    });
    const traffic = await startTraffic({ url: service.url, path: '/slow?ms=50', probe: '/ready', ...CLIENTS });
    service.kill('SIGTERM');
    const { sent, answered, lost, refused, statuses, problems } = await traffic.report;
    expect({ lost, refused, problems }).toEqual({ lost: 0, refused: 0, problems: {} });
    expect(statuses).toEqual({ 200: sent });
    expect(answered).toBeGreaterThan(250);
    expect(await service.exit).toBe(0);
    expect(await service.line(COMPLETED)).toMatchObject({ cutRequests: 0, exitCode: 0 });
  });

  it('finishes without any delay whatever it accepted; who comes later is refused (F11)', async () => {
    const service = await startService({ counts: true, options: PATIENT });
    const traffic = await startTraffic({ url: service.url, path: '/slow?ms=50', ...CLIENTS });
    service.kill('SIGTERM');
    const { answered, statuses, problems } = await traffic.report;
    // A connection that the system took and the process never saw is reset when listening ends: it was not accepted.
    expect(Object.keys(problems).filter((what) => what !== 'new connection: ECONNRESET')).toEqual([]);
    expect(await service.exit).toBe(0);
    expect(statuses).toEqual({ 200: answered });
    expect((await service.line('requests')).requests).toBe(answered);
    expect(await service.line(COMPLETED)).toMatchObject({ cutRequests: 0, exitCode: 0 });
  });
});
