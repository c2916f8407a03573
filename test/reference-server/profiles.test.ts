import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from 'express-runbook';
import { PROFILES, type ProfileName } from '../support/example-sources.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';

describe('the profiles', () => {
  it.each(Object.entries(PROFILES))('%s is data only: it survives a JSON round trip', (_name, profile) => {
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
  });

  it.each<[ProfileName, string, number, string, string]>([
    ['builder', 'builder-api', 3000, 'api', 'builder_api_dev'],
    ['codebook', 'codebook-backend', 8000, '', 'codebook'],
    ['ordo', 'ordo-backend', 3101, 'api/v1', 'ordo_todo'],
    ['booky', 'booky-backend', 3001, 'api', 'booky'],
    ['beo', 'beo-automation', 3000, 'api', 'beo_automation'],
  ])('%s is %s on port %i below /%s with database %s (CFG-02, CFG-03, CFG-06, X-11, X-12)', (name, ...expected) => {
    const { service, settings: profile } = PROFILES[name];
    const config = loadConfig({ env: {}, envFile: false, profile });
    expect([service, config.port, config.apiPrefix, config.database.name]).toEqual(expected);
    expect(config.database.isConfigured).toBe(false);
    expect(config.health.details).toBe('always');
    expect(loadConfig({ env: { PORT: '4000' }, envFile: false, profile }).port).toBe(4000);
  });

  it.each<[ProfileName, number, number, number, number]>([
    ['builder', 10, 0, 10_000, 2000],
    ['ordo', 20, 5, 10_000, 2000],
    ['beo', 20, 0, 30_000, 2000],
  ])('%s has a pool of %i, of which %i are kept (CFG-12, CFG-14, CFG-17, X-14)', (name, ...expected) => {
    const { database } = loadConfig({ env: {}, envFile: false, profile: PROFILES[name].settings });
    expect([database.poolMax, database.poolMin, database.idleTimeoutMs, database.connectionTimeoutMs]).toEqual(
      expected,
    );
  });
});

describe('ecosystem.config.js', () => {
  const { apps } = createRequire(import.meta.url)(join(REFERENCE_SERVER, 'ecosystem.config.js')) as {
    apps: { name: string; kill_timeout: number; wait_ready: boolean }[];
  };

  it("names the app as the runbook's pm2 lines do (X-66, PRC-07)", () => {
    expect(apps.map(({ name }) => name)).toEqual([PROFILES.builder.service]);
  });

  it('gives a worker the time that its shutdown may take under pm2 (PRC-03, PRC-09)', () => {
    const { shutdown } = loadConfig({ env: { pm_id: '0' }, envFile: false });
    expect(shutdown.delayMs).toBe(1000);
    expect(apps[0]?.kill_timeout).toBeGreaterThan(shutdown.delayMs + shutdown.timeoutMs + 5000);
    expect(apps[0]?.wait_ready).toBe(true);
  });
});
