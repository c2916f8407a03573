import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from 'express-runbook/testing';
import { pm2Service, WORKERS } from './pm2-service.mjs';
import { expectNothingLost, startTraffic } from './processes.mjs';

// They are no balancer's: the listener stays open, and whoever asks while workers change places must be answered.
const CLIENTS = { path: '/dev/slow?ms=30', keepAlive: 60, fresh: 20, thinkMs: 150 };

/** `pm2 reload` of the built reference server under load. */
export async function pm2Reload({ isSmoke, row }) {
  // Fetching pm2 takes longer than the smoke part may.
  if (isSmoke) {
    await row('left to the whole campaign', () => Promise.resolve('pm2 runs in the smoke part of pm2-metrics'));
    return;
  }
  const postgres = await startEmbeddedPostgres({ from: import.meta.url });
  const folder = await mkdtemp(join(tmpdir(), 'campaign-pm2-'));
  try {
    const service = await pm2Service(folder, postgres.url);
    if (!(await row('pm2 7', () => service.install()))) return;
    try {
      const isUp = await row(`${WORKERS} workers`, () => service.start());
      if (isUp) await row('two reloads, cluster mode', () => reloads(service, 2));
    } finally {
      await service.kill();
    }
    try {
      await row('one reload, fork mode (not free of loss, T-26)', () => forkMode(service));
    } finally {
      await service.kill();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function reloads(service, count) {
  const traffic = await startTraffic({ url: service.url, ...CLIENTS });
  for (let reload = 0; reload < count; reload++) await service.reload();
  return expectNothingLost(await traffic.end());
}

/** A measurement, no promise: the old process is gone before the new one serves. */
async function forkMode(service) {
  await service.startPlain('plain');
  const traffic = await startTraffic({ url: service.url, ...CLIENTS });
  await service.reload('plain');
  const { sent, lost, refused } = await traffic.end();
  return `${lost} lost and ${refused} clients refused of ${sent} requests`;
}
