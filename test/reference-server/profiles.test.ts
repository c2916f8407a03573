import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, type ConfigProfile } from 'express-runbook';
import { REFERENCE_SERVER } from '../support/reference-server.js';

// By its path: the example is a CommonJS package, which the settings of the tests' compiler do not fit.
const { builder } = (await import(join(REFERENCE_SERVER, 'src/profiles/builder.ts'))) as {
  builder: { service: string; settings: ConfigProfile };
};

describe('the builder profile', () => {
  it('is data only: it survives a JSON round trip', () => {
    expect(JSON.parse(JSON.stringify(builder))).toEqual(builder);
  });

  it('gives the defaults of its runbook, which the environment goes before (X-11)', () => {
    const config = loadConfig({ env: {}, envFile: false, profile: builder.settings });
    expect(config).toMatchObject({
      port: 3000,
      apiPrefix: 'api',
      database: { name: 'builder_api_dev', isConfigured: false },
    });
    expect(loadConfig({ env: { PORT: '4000' }, envFile: false, profile: builder.settings }).port).toBe(4000);
  });
});

describe('ecosystem.config.js', () => {
  const { apps } = createRequire(import.meta.url)(join(REFERENCE_SERVER, 'ecosystem.config.js')) as {
    apps: { name: string; kill_timeout: number; wait_ready: boolean }[];
  };

  it("names the app as the runbook's pm2 lines do (X-66, PRC-07)", () => {
    expect(apps.map(({ name }) => name)).toEqual([builder.service]);
  });

  it('gives a worker the time that its shutdown may take under pm2 (PRC-03, PRC-09)', () => {
    const { shutdown } = loadConfig({ env: { pm_id: '0' }, envFile: false });
    expect(shutdown.delayMs).toBe(1000);
    expect(apps[0]?.kill_timeout).toBeGreaterThan(shutdown.delayMs + shutdown.timeoutMs + 5000);
    expect(apps[0]?.wait_ready).toBe(true);
  });
});
