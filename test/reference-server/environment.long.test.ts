import { describe, expect, it } from 'vitest';
import { exitOf, launch, spawnServer } from '../support/reference-server.js';

async function refusedStart(
  env: Record<string, string>,
): Promise<{ code: number | null; text: string; output: string }> {
  const server = await spawnServer({ env });
  const code = await exitOf(server);
  return { code, text: server.errors(), output: server.output() };
}

describe('a wrong environment', () => {
  it('stops the start with the full list and exit code 78 (CFG-49)', async () => {
    const { code, text, output } = await refusedStart({
      PORT: 'abc',
      HEALTH_MEMORY_THRESHOLD: '180%',
      SHUTDOWN_TIMEOUT_MS: '99999999999',
    });
    expect(code).toBe(78);
    expect(text).toContain('PORT');
    expect(text).toContain('HEALTH_MEMORY_THRESHOLD');
    expect(text).toContain('SHUTDOWN_TIMEOUT_MS');
    expect(output).toBe('');
  });

  it('of production is refused for a short secret, which is not shown (CFG-20)', async () => {
    const { code, text } = await refusedStart({
      NODE_ENV: 'production',
      JWT_SECRET: 's3cr3',
      REFRESH_TOKEN_SECRET: 'r'.repeat(40),
    });
    expect(code).toBe(78);
    expect(text).toContain('JWT_SECRET');
    expect(text).not.toContain('s3cr3');
  });

  it('of production is refused without secrets, and with DB_SYNCHRONIZE=true (CFG-10)', async () => {
    const missing = await refusedStart({ NODE_ENV: 'production' });
    expect(missing.code).toBe(78);
    expect(missing.text).toContain('JWT_SECRET');
    expect(missing.text).toContain('REFRESH_TOKEN_SECRET');
    const synchronized = await refusedStart({ NODE_ENV: 'production', DB_SYNCHRONIZE: 'true' });
    expect(synchronized.code).toBe(78);
    expect(synchronized.text).toContain('DB_SYNCHRONIZE');
  });

  it('names the profiles there are when OPS_PROFILE is none of them', async () => {
    const { code, text } = await refusedStart({ OPS_PROFILE: 'bilder' });
    expect(code).toBe(78);
    expect(text).toContain('builder');
  });

  it.each([
    ['bilder', 'must be one of builder,'],
    ['/nonexistent/preset.json', 'names a file that is no preset: ENOENT'],
  ])('ends with 78 when ALERTS_PRESET is %s', async (preset, message) => {
    const { code, text } = await refusedStart({ ALERTS_PRESET: preset });
    expect([code, text]).toEqual([78, expect.stringContaining(message)]);
  });

  it.each(['/dev/null/logs', '/proc/logs'])(
    'with the log folder %s, which cannot be, ends with 78 too (LOG-70)',
    async (folder) => {
      const { code, text } = await refusedStart({ LOG_DIR: folder });
      expect(code).toBe(78);
      expect(text).toMatch(/must be a folder that can be written/);
    },
  );
});

it('an address that this machine has not ends the start with the cure', async () => {
  const { code, text } = await refusedStart({
    HOST: '203.0.113.1',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  });
  expect(code).toBe(1);
  expect(text).toMatch(/^listen EADDRNOTAVAIL.*set HOST to an address of this machine\n$/);
});

it('a port that is taken ends the start with the cure', async () => {
  const first = await launch({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } });
  const { code, text } = await refusedStart({
    PORT: String(first.port),
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  });
  expect(code).toBe(1);
  expect(text).toMatch(/^listen EADDRINUSE.*set PORT\n$/);
  await first.stop();
});
