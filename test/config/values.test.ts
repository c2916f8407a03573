import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_VARIABLES, EnvironmentError } from 'express-runbook';
import { load, refused } from './load.js';

const TIMES = ['HEALTH_CHECK_CACHE_TTL', 'LOG_SLOW_QUERY_THRESHOLD', 'SHUTDOWN_TIMEOUT_MS', 'DB_POOL_IDLE_TIMEOUT'];
const NUMBERS = ['PORT', 'DB_POOL_SIZE', 'REDIS_DB', 'RATE_LIMIT_MAX', ...TIMES];

describe('a number', () => {
  it.each([
    'abc',
    '1_000',
    '5,000',
    '0x10',
    '0b11',
    '1e3',
    'Infinity',
    '-1',
    '5.5',
    '٣',
    '５',
    'NaN',
    '9007199254740993',
  ])('%s is refused by the name of its variable (CFG-49)', (text) => {
    for (const name of NUMBERS) expect(Object.keys(refused({ [name]: text })), name).toEqual([name]);
  });

  it('reads back as itself when written in digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), (value) => {
        expect(load({ PORT: ` ${value}\n` }).port).toBe(value);
      }),
    );
  });

  it('is bounded: a port ends at 65535, 0 takes a free one', () => {
    expect(load({ PORT: '0' }).port).toBe(0);
    expect(refused({ PORT: '65536' })).toHaveProperty('PORT');
    expect(refused({ PORT: '/tmp/sock' })).toHaveProperty('PORT');
    expect(refused({ DB_PORT: '0' })).toHaveProperty('DB_PORT');
  });

  it('that Kubernetes put there for a Service is explained', () => {
    expect(refused({ DB_PORT: 'tcp://10.96.0.7:5432' }).DB_PORT).toContain('enableServiceLinks');
  });
});

describe('a time', () => {
  it('has a unit or counts milliseconds (CFG-37, CFG-38)', () => {
    const units = fc.constantFrom<[string, number]>(['', 1], ['ms', 1], ['s', 1000], ['m', 60_000], ['h', 3_600_000]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), units, (count, [unit, ms]) => {
        expect(load({ HEALTH_CHECK_CACHE_TTL: `${count}${unit}` }).health.cacheTtlMs).toBe(count * ms);
      }),
    );
  });

  it.each(['2147483648', '99999999999', '25d', '1000 hours', '5S', '1w'])(
    '%s is refused: no timer keeps it',
    (text) => {
      for (const name of TIMES) expect(refused({ [name]: text }), name).toHaveProperty(name);
    },
  );

  it('of a token may be longer than a timer keeps; a bare number counts seconds (CFG-22, CFG-23)', () => {
    const { auth } = load({ JWT_EXPIRES_IN: '900', REFRESH_TOKEN_EXPIRES_IN: '365d' });
    expect(auth.jwtExpiresInSeconds).toBe(900);
    expect(auth.refreshTokenExpiresInSeconds).toBe(31_536_000);
    expect(refused({ JWT_EXPIRES_IN: '1500ms' })).toHaveProperty('JWT_EXPIRES_IN');
    expect(refused({ JWT_EXPIRES_IN: '0' })).toHaveProperty('JWT_EXPIRES_IN');
  });
});

describe('a percentage', () => {
  it('is written with or without its sign (CFG-39, CFG-40)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.constantFrom('', '%'), (value, sign) => {
        expect(load({ HEALTH_CPU_THRESHOLD: `${value}${sign}` }).health.cpuThresholdPercent).toBe(value);
      }),
    );
  });

  it.each(['180%', '0', '-5%', '80%%', '% 80', '80.5%'])('%s is refused', (text) => {
    expect(refused({ HEALTH_MEMORY_THRESHOLD: text })).toHaveProperty('HEALTH_MEMORY_THRESHOLD');
  });
});

describe('true and false', () => {
  it.each([
    [true, ['true', 'TRUE', 'true ', '1', 'yes', 'on']],
    [false, ['false', 'False', ' false', '0', 'no', 'OFF']],
  ])('%s is also written %j', (value, texts) => {
    for (const text of texts) expect(load({ LOG_REQUESTS: text }).log.requests).toBe(value);
  });

  it.each(['y', 'ja', '2', 'truefalse', '__proto__'])('%s is refused', (text) => {
    expect(refused({ LOG_REQUESTS: text })).toHaveProperty('LOG_REQUESTS');
  });
});

describe('a word', () => {
  it.each(['VERBOSE', 'silent', '__proto__', 'constructor', 'warning'])(
    'LOG_LEVEL=%s is refused with the list',
    (text) => {
      expect(refused({ LOG_LEVEL: text }).LOG_LEVEL).toContain('debug, http, info, warn, error, fatal');
    },
  );

  it('is taken in any case: INFO is info, Production is production (CFG-01, CFG-28)', () => {
    expect(load({ LOG_LEVEL: 'INFO' }).log.level).toBe('info');
    expect(load({ NODE_ENV: 'Production' }).isProduction).toBe(true);
  });

  it('NODE_ENV=prod is production with a warning, because Express would not see it so (CFG-01)', () => {
    const config = load({ NODE_ENV: 'prod', DB_PASSWORD: 'a better one' });
    expect(config.nodeEnv).toBe('production');
    expect(config.warnings).toEqual([expect.stringMatching(/NODE_ENV.*production.*Express/)]);
    expect(refused({ NODE_ENV: 'quality' })).toHaveProperty('NODE_ENV');
  });
});

describe('any value at all', () => {
  const names = ENVIRONMENT_VARIABLES.map(({ name }) => name);

  it('is either taken or refused by name, and never shown (finding 14)', () => {
    const marked = fc.string({ maxLength: 40 }).map((text) => `c4n4ry${text}`);
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.oneof(
          marked,
          marked.map((text) => `postgres://u:${text}@`),
        ),
        (name, text) => {
          try {
            expect(JSON.stringify(load({ [name]: text, NODE_ENV: 'production' }).warnings)).not.toContain('c4n4ry');
          } catch (error) {
            expect(error).toBeInstanceOf(EnvironmentError);
            expect((error as EnvironmentError).message).not.toContain('c4n4ry');
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('that is blank counts as not set, for every variable (CFG-49)', () => {
    for (const name of names) expect(load({ [name]: '' }), name).toEqual(load({}));
    for (const name of names) expect(load({ [name]: ' \t\r\n' }), name).toEqual(load({}));
  });

  it('of 100 kB is refused', () => {
    for (const name of names) expect(refused({ [name]: 'x'.repeat(100_000) }), name).toHaveProperty(name);
  });
});

describe('the health variables', () => {
  it('take three words, best first, and refuse any other number of them (X-01, X-02)', () => {
    expect(load({ HEALTH_STATUS_WORDS: ' healthy , degraded,unhealthy ' }).health.statusWords).toEqual([
      'healthy',
      'degraded',
      'unhealthy',
    ]);
    expect(load({}).health).not.toHaveProperty('checkWords');
    for (const text of ['ok', 'ok,degraded', 'a,b,c,d', 'ok,,down', 'ok,"x",down', 'ok,de graded,down']) {
      expect(Object.keys(refused({ HEALTH_CHECK_WORDS: text })), text).toEqual(['HEALTH_CHECK_WORDS']);
    }
  });

  it('take two status codes for degraded (X-07)', () => {
    expect(load({ HEALTH_DEGRADED_STATUS_CODE: '503' }).health.degradedStatusCode).toBe(503);
    expect(refused({ HEALTH_DEGRADED_STATUS_CODE: '500' })).toEqual({
      HEALTH_DEGRADED_STATUS_CODE: 'must be one of 200, 503',
    });
  });
});
