import { describe, expect, it } from 'vitest';
import { ConfigError, describeConfig, EnvironmentError } from 'express-runbook';
import { load, LONG_SECRET, refused } from './load.js';

const production = { NODE_ENV: 'production', DB_PASSWORD: 'not the default' };

describe('production', () => {
  it('refuses short secrets by the name they came under; 32 characters are enough (CFG-20, CFG-21, CFG-24)', () => {
    expect(refused({ ...production, JWT_SECRET: 's3cr3' }).JWT_SECRET).toContain('openssl rand -base64 32');
    expect(refused({ ...production, AUTH_SECRET: LONG_SECRET.slice(1) })).toHaveProperty('AUTH_SECRET');
    expect(refused({ ...production, REFRESH_TOKEN_SECRET: 'short' })).toHaveProperty('REFRESH_TOKEN_SECRET');
    expect(refused({ ...production, JWT_SECRET: LONG_SECRET })).toEqual({});
    expect(refused({ JWT_SECRET: 's3cr3' })).toEqual({});
  });

  it('refuses one key for both tokens (CFG-21)', () => {
    const both = { JWT_SECRET: LONG_SECRET, REFRESH_TOKEN_SECRET: LONG_SECRET };
    expect(refused({ ...production, ...both }).REFRESH_TOKEN_SECRET).toContain('JWT_SECRET');
    expect(refused(both)).toEqual({});
  });

  it('refuses DB_SYNCHRONIZE, wherever it is said (CFG-10)', () => {
    expect(refused({ ...production, DB_SYNCHRONIZE: 'true' })).toHaveProperty('DB_SYNCHRONIZE');
    expect(refused(production, { profile: { DB_SYNCHRONIZE: true } })).toHaveProperty('DB_SYNCHRONIZE');
    expect(load({ DB_SYNCHRONIZE: 'true' }).database.synchronize).toBe(true);
  });

  it('warns of the password that everybody tries first (CFG-08)', () => {
    expect(load({ NODE_ENV: 'production' }).warnings).toEqual([expect.stringContaining('DB_PASSWORD')]);
    const url = 'postgres://u:postgres@h/d';
    expect(load({ NODE_ENV: 'production', DATABASE_URL: url }).warnings).toEqual([
      expect.stringContaining('DATABASE_URL'),
    ]);
    expect(load(production).warnings).toEqual([]);
  });
});

describe('the refusal', () => {
  it('lists every bad variable at once, one a line, without values (CFG-49)', () => {
    const env = {
      ...production,
      PORT: 'abc',
      HEALTH_MEMORY_THRESHOLD: '180%',
      JWT_SECRET: 's3cr3',
      DB_SYNCHRONIZE: 'true',
    };
    let error: unknown;
    try {
      load(env);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toBeInstanceOf(ConfigError);
    const { code, problems, message } = error as EnvironmentError;
    expect(code).toBe('ERR_ENVIRONMENT');
    const names = problems.map(({ variable }) => variable);
    expect(names.sort()).toEqual(['DB_SYNCHRONIZE', 'HEALTH_MEMORY_THRESHOLD', 'JWT_SECRET', 'PORT']);
    for (const name of names) expect(message).toMatch(new RegExp(`^ +${name} must `, 'm'));
    for (const value of ['abc', '180', 's3cr3']) expect(message).not.toContain(value);
  });
});

describe('secrets', () => {
  it('have another name and a predecessor (X-39)', () => {
    const { auth } = load({ AUTH_SECRET: 'new', JWT_SECRET_PREVIOUS: 'old' });
    expect(auth).toMatchObject({ jwtSecret: 'new', jwtSecretPrevious: 'old' });
    const both = load({ AUTH_SECRET: 'one', JWT_SECRET: 'two' });
    expect(both.auth.jwtSecret).toBe('two');
    expect(both.warnings).toEqual([expect.stringMatching(/AUTH_SECRET.*JWT_SECRET/)]);
  });

  it('lose the line end of the file they came from, but no space', () => {
    expect(load({ DB_PASSWORD: ' p \r\n' }).database.password).toBe(' p ');
  });

  it('of Google work only as a pair (CFG-25)', () => {
    expect(load({ GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 's' }).auth.google).toEqual({
      clientId: 'id',
      clientSecret: 's',
    });
    const half = load({ GOOGLE_CLIENT_ID: 'id' });
    expect(half.auth).not.toHaveProperty('google');
    expect(half.warnings).toEqual([expect.stringContaining('GOOGLE_CLIENT_SECRET')]);
  });

  it('are masked by describeConfig, in URLs too, and nothing else is (CFG-08, CFG-48)', () => {
    const config = load({
      DATABASE_URL: 'postgres://user:c4n4ry@h/d?password=c4n4ry',
      DB_PASSWORD: 'c4n4ry',
      REDIS_HOST: 'cache',
      REDIS_PASSWORD: 'c4n4ry',
      JWT_SECRET: 'c4n4ry',
      JWT_SECRET_PREVIOUS: 'c4n4ry',
      REFRESH_TOKEN_SECRET: 'c4n4ry',
      GOOGLE_CLIENT_ID: 'google-id',
      GOOGLE_CLIENT_SECRET: 'c4n4ry',
      SENTRY_DSN: 'https://c4n4ry@sentry.example/1',
      SUPABASE_URL: 'https://u:c4n4ry@project.supabase.co',
      PINECONE_API_KEY: 'c4n4ry',
      LLM_API_KEY: 'c4n4ry',
    });
    const described = describeConfig(config);
    expect(JSON.stringify(described)).not.toContain('c4n4ry');
    expect(described).toMatchObject({
      port: 3000,
      database: { url: 'postgres://user:***@h/d?password=***', host: 'h', user: 'user', password: '***' },
      redis: { url: 'redis://:***@cache:6379/0' },
      auth: { jwtSecret: '***', google: { clientId: 'google-id', clientSecret: '***' } },
    });
    expect(config.auth.jwtSecret).toBe('c4n4ry');
  });
});

describe('a mistyped variable', () => {
  it.each([
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['JWT_SECRETS', 'JWT_SECRET'],
  ])('%s gets a warning that names %s', (name, meant) => {
    expect(load({ [name]: 'x' }).warnings).toEqual([`${name} is not a known variable: did you mean ${meant}?`]);
  });

  it('with our own prefix gets one too, and those of others get none', () => {
    expect(load({ OPS_COLOUR: 'x' }).warnings).toEqual([expect.stringContaining('OPS_COLOUR')]);
    const others =
      'HOME PATH USER HOSTNAME LOGNAME SHELL PWD TERM LANG NODE_OPTIONS NODE_PATH EDITOR TZ PGHOST npm_config_cache';
    expect(load(Object.fromEntries(others.split(' ').map((name) => [name, 'x']))).warnings).toEqual([]);
  });
});
