import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentExample, loadConfig, type ConfigProfile } from 'express-runbook';
import { load, refused } from './load.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(content: string | Buffer): string {
  const path = join(folder, '.env');
  writeFileSync(path, content);
  return path;
}

describe('precedence', () => {
  it('is option, environment, file, profile, NODE_ENV, base (X-11)', () => {
    const envFile = file('DB_POOL_SIZE=3');
    const profile = { DB_POOL_SIZE: 4 };
    const env = { NODE_ENV: 'production', DB_PASSWORD: 'x' };
    const all = { envFile, profile, overrides: { DB_POOL_SIZE: 1 } };
    const size = (more: Record<string, string>, options: object): number =>
      load({ ...env, ...more }, options).database.poolMax;
    expect(size({ DB_POOL_SIZE: '2' }, all)).toBe(1);
    expect(size({ DB_POOL_SIZE: '2' }, { envFile, profile })).toBe(2);
    expect(size({}, { envFile, profile })).toBe(3);
    expect(size({}, { profile })).toBe(4);
    expect(size({}, {})).toBe(20);
    expect(size({ NODE_ENV: 'staging' }, {})).toBe(10);
  });

  it('holds for aliases and for the format of lines too', () => {
    expect(load({ AUTH_SECRET: 'from the environment' }, { profile: { JWT_SECRET: 'x' } }).auth.jwtSecret).toBe(
      'from the environment',
    );
    expect(load({ LOG_PRETTY: 'true' }, { profile: { LOG_FORMAT: 'json' } }).log.format).toBe('pretty');
  });

  it('counts a blank variable as not set, so the file below it is heard', () => {
    expect(load({ DB_HOST: '' }, { envFile: file('DB_HOST=below') }).database.host).toBe('below');
  });
});

describe('a profile', () => {
  it('is plain data of any JSON type, and refused by name when it is wrong', () => {
    const profile: ConfigProfile = {
      PORT: 3101,
      API_PREFIX: 'api/v1',
      LOG_REQUESTS: false,
      TRUST_PROXY: ['loopback', '10.0.0.1'],
    };
    const config = load({}, { profile: JSON.parse(JSON.stringify(profile)) as ConfigProfile });
    expect(config).toMatchObject({ port: 3101, apiPrefix: 'api/v1', trustProxy: ['loopback', '10.0.0.1'] });
    expect(config.log.requests).toBe(false);
    expect(refused({}, { profile: { PORT: 1.5 } }).PORT).toContain('set by the profile');
    // @ts-expect-error the mistake under test
    expect(refused({}, { profile: { PROT: 1 } }).PROT).toContain('did you mean PORT?');
    // @ts-expect-error the mistake under test
    expect(refused({}, { overrides: { PORT: null } }).PORT).toContain('set by the option overrides');
  });

  it('is not written to', () => {
    const profile = Object.freeze({ PORT: 3101 });
    expect(load({}, { profile }).port).toBe(3101);
  });
});

describe('the .env file', () => {
  it.each([
    ['a byte order mark and CRLF', '\ufeffPORT=3101\r\nDB_NAME="my db"\r\n'],
    ['UTF-16 of a Windows shell', Buffer.from('\ufeffPORT=3101\r\nDB_NAME="my db"\r\n', 'utf16le')],
    ['comments and export', "# head\nexport PORT=3101 # the port\nDB_NAME='my db'\n"],
  ])('is read with %s (CFG-46)', (_what, content) => {
    expect(load({}, { envFile: file(content) })).toMatchObject({
      port: 3101,
      database: { name: 'my db' },
      warnings: [],
    });
  });

  it('may be missing', () => {
    expect(load({}, { envFile: join(folder, 'nowhere', '.env') }).port).toBe(3000);
  });

  it('that cannot be read is reported with everything else', () => {
    const path = join(folder, 'directory');
    mkdirSync(path);
    expect(refused({ PORT: 'abc' }, { envFile: path })).toMatchObject({
      [path]: expect.stringContaining('EISDIR'),
      PORT: expect.anything(),
    });
  });

  it('is named when its value is the bad one', () => {
    const envFile = file('PORT=abc');
    expect(refused({}, { envFile }).PORT).toContain(envFile);
    expect(refused({ PORT: 'abc' }, { envFile }).PORT).not.toContain(envFile);
  });

  it('warns of a value cut at its #, which would be half a password', () => {
    const { warnings } = load(
      {},
      { envFile: file("DB_PASSWORD=pa#ss\nLOG_DIR='a#b'\nPORT=3000 # the port\n#DB_USER=a#b\n") },
    );
    expect(warnings).toEqual([expect.stringMatching(/^DB_PASSWORD .*single quotes/)]);
  });

  it('has its folder of log files taken back by LOG_DIR=none, and not by an empty one', () => {
    const envFile = file('LOG_DIR=logs\n');
    expect(load({}, { envFile }).log.dir).toBe('logs');
    expect(load({ LOG_DIR: '' }, { envFile }).log.dir).toBe('logs');
    expect(load({ LOG_DIR: 'None' }, { envFile }).log).not.toHaveProperty('dir');
    expect(load({ LOG_DIR: './none' }, { envFile }).log.dir).toBe('./none');
  });

  it('copied from the example starts in development with the defaults, and grep DB_ finds its lines (CFG-46)', () => {
    const example = environmentExample();
    const config = load({}, { envFile: file(example) });
    expect(config).toEqual({ ...load({}), database: { ...load({}).database, isConfigured: true } });
    for (const name of ['HOST', 'PORT', 'NAME', 'USER', 'PASSWORD'])
      expect(example).toMatch(new RegExp(`^DB_${name}=.`, 'm'));
  });

  it('copied to production does not undo the defaults of production (CFG-50)', () => {
    const { database, log } = load({ NODE_ENV: 'production' }, { envFile: file(environmentExample()) });
    expect([database.poolMax, database.statementTimeoutMs, log.level]).toEqual([20, 60_000, 'warn']);
  });
});

describe('loadConfig', () => {
  it('reads process.env when called, and does not change it', () => {
    process.env.PORT = '4567';
    try {
      const before = { ...process.env };
      expect(loadConfig({ envFile: false, overrides: { NODE_ENV: 'test' } }).port).toBe(4567);
      expect(process.env).toEqual(before);
    } finally {
      delete process.env.PORT;
    }
  });

  it('refuses an option that does not exist', () => {
    // @ts-expect-error the mistake under test
    expect(() => loadConfig({ enviroment: {} })).toThrow(/loadConfig.enviroment is not an option/);
    // @ts-expect-error the mistake under test
    expect(() => loadConfig({ envFile: true })).toThrow(/loadConfig.envFile/);
  });
});
