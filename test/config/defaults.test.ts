import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_VARIABLES } from 'express-runbook';
import { load } from './load.js';

describe('loadConfig without any variable', () => {
  it('gives the defaults of the guides (CFG-01 … CFG-43)', () => {
    expect(load({})).toEqual({
      alerts: { intervalMs: 15_000, allowNetworks: [] },
      nodeEnv: 'development',
      isProduction: false,
      profile: 'builder',
      host: '0.0.0.0',
      port: 3000,
      apiPrefix: 'api',
      trustProxy: [],
      devRoutes: true,
      database: {
        isConfigured: false,
        url: 'postgresql://postgres:postgres@localhost:5432/builder_api_dev',
        host: 'localhost',
        port: 5432,
        name: 'builder_api_dev',
        user: 'postgres',
        password: 'postgres',
        ssl: false,
        synchronize: false,
        logging: true,
        poolMax: 10,
        poolMin: 0,
        idleTimeoutMs: 10_000,
        connectionTimeoutMs: 2000,
        statementTimeoutMs: 30_000,
        pooler: 'none',
        tagQueries: 'none',
        leakThresholdMs: 0,
      },
      auth: { jwtExpiresInSeconds: 604_800, refreshTokenExpiresInSeconds: 2_592_000 },
      cors: { origins: [] },
      log: {
        level: 'debug',
        format: 'json',
        includeTimestamp: true,
        includeHostname: true,
        redactSensitive: true,
        sensitiveFields: [],
        skipHealthCheck: true,
        requests: true,
        sampleRate: 1,
        schema: 'flat',
        appFile: 'app.log',
        whenStalled: 'drop',
        slowQueryThresholdMs: 100,
        slowHttpThresholdMs: 1000,
      },
      health: {
        format: 'details',
        details: 'authorised',
        degradedStatusCode: 200,
        timeoutMs: 1000,
        cacheTtlMs: 5000,
        processChecks: ['memory', 'cpu', 'diskSpace', 'eventLoop'],
        memoryThresholdPercent: 80,
        memoryPercentageOf: 'limit',
        cpuThresholdPercent: 70,
        diskThresholdPercent: 85,
        databaseThresholdMs: 500,
      },
      metrics: { networks: [], maxClients: 0 },
      ops: { networks: [] },
      rateLimit: { max: 100, windowMs: 60_000 },
      shutdown: { delayMs: 0, timeoutMs: 10_000 },
      profileDir: 'profiles',
      uploadsDir: 'public/uploads',
      embeddedPostgresDir: '.data/postgres',
      jobsConcurrency: 2,
      backupDir: '/var/backups/postgres',
      backups: { rpoSeconds: 86_400, rtoSeconds: 14_400, keep: ['all=30d'] },
      warnings: [],
    });
  });

  it.each([
    ['development', 'debug'],
    ['staging', 'info'],
    ['production', 'warn'],
    ['test', 'error'],
  ])('logs in %s from %s on, and from LOG_LEVEL on when it is set (CFG-28, X-19)', (nodeEnv, level) => {
    expect(load({ NODE_ENV: nodeEnv }).log.level).toBe(level);
    expect(load({ NODE_ENV: nodeEnv, LOG_LEVEL: 'FATAL' }).log.level).toBe('fatal');
    expect(load({ NODE_ENV: nodeEnv }).log.requests).toBe(true);
  });

  it.each([
    ['development', [10, 10_000, 2000, 30_000]],
    ['staging', [10, 10_000, 2000, 30_000]],
    ['production', [20, 30_000, 5000, 60_000]],
    ['test', [10, 10_000, 2000, 30_000]],
  ])('fits the pool to %s (CFG-50, X-14)', (nodeEnv, expected) => {
    const { poolMax, idleTimeoutMs, connectionTimeoutMs, statementTimeoutMs } = load({ NODE_ENV: nodeEnv }).database;
    expect([poolMax, idleTimeoutMs, connectionTimeoutMs, statementTimeoutMs]).toEqual(expected);
  });

  it.each([
    ['under Kubernetes', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 5000],
    ['under pm2, whose first process is number 0', { pm_id: '0' }, 1000],
    ['elsewhere', {}, 0],
    ['where it is said', { KUBERNETES_SERVICE_HOST: '10.0.0.1', SHUTDOWN_DELAY_MS: '0' }, 0],
  ])('delays the shutdown %s by what the balancer needs', (_where, env, delayMs) => {
    expect(load(env).shutdown.delayMs).toBe(delayMs);
  });

  it.each([
    [{}, true, 'pretty'],
    [{}, false, 'json'],
    [{ NODE_ENV: 'production' }, true, 'json'],
    [{ LOG_PRETTY: 'true' }, false, 'pretty'],
    [{ LOG_PRETTY: 'false' }, true, 'json'],
    [{ LOG_PRETTY: 'true', LOG_FORMAT: 'json' }, true, 'json'],
    [{ LOG_PRETTY: 'false', LOG_FORMAT: 'pretty' }, false, 'pretty'],
  ])('with %o on a terminal (%s) writes %s (CFG-29, CFG-30)', (env, isTerminal, format) => {
    expect(load(env, { isTerminal }).log.format).toBe(format);
  });

  it('has development routes everywhere but in production', () => {
    expect(load({ NODE_ENV: 'production' }).devRoutes).toBe(false);
    expect(load({ NODE_ENV: 'production', DEV_ROUTES: 'true' }).devRoutes).toBe(true);
    expect(load({ NODE_ENV: 'staging' }).devRoutes).toBe(true);
  });
});

describe('ENVIRONMENT_VARIABLES', () => {
  it('has every variable that the guides name (CFG-01 … CFG-43, CFG-52)', () => {
    const known = ENVIRONMENT_VARIABLES.flatMap(({ name, aliases }) => [name, ...aliases]);
    const named = `NODE_ENV PORT API_PREFIX DB_HOST DB_PORT DB_NAME DB_USER DB_PASSWORD DB_SSL DB_SYNCHRONIZE DB_LOGGING
      DB_POOL_SIZE DB_POOL_IDLE_TIMEOUT DB_CONNECTION_TIMEOUT DB_STATEMENT_TIMEOUT DATABASE_URL DB_POOL_MAX DB_POOL_MIN
      REDIS_URL REDIS_HOST REDIS_PORT REDIS_PASSWORD REDIS_DB JWT_SECRET REFRESH_TOKEN_SECRET JWT_EXPIRES_IN
      REFRESH_TOKEN_EXPIRES_IN AUTH_SECRET GOOGLE_CLIENT_ID GOOGLE_CLIENT_SECRET CORS_ORIGINS SENTRY_DSN LOG_LEVEL
      LOG_FORMAT LOG_PRETTY LOG_INCLUDE_TIMESTAMP LOG_INCLUDE_HOSTNAME LOG_REDACT_SENSITIVE LOG_SKIP_HEALTH_CHECK
      LOG_SLOW_QUERY_THRESHOLD LOG_SLOW_HTTP_THRESHOLD HEALTH_CHECK_TIMEOUT HEALTH_CHECK_CACHE_TTL
      HEALTH_MEMORY_THRESHOLD HEALTH_CPU_THRESHOLD HEALTH_DB_RESPONSE_TIME_THRESHOLD SUPABASE_URL BACKUP_DIR
      PINECONE_API_KEY LLM_API_KEY HOST OPS_PROFILE LOG_DIR LOG_REQUESTS SHUTDOWN_DELAY_MS SHUTDOWN_TIMEOUT_MS
      EMBEDDED_POSTGRES_DIR TRUST_PROXY RATE_LIMIT_MAX RATE_LIMIT_WINDOW_MS HEALTH_FORMAT`.split(/\s+/);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('names no variable twice, survives JSON and has one sentence for each', () => {
    const names = ENVIRONMENT_VARIABLES.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(JSON.parse(JSON.stringify(ENVIRONMENT_VARIABLES))).toEqual(ENVIRONMENT_VARIABLES);
    for (const { description } of ENVIRONMENT_VARIABLES) expect(description).toMatch(/^[A-Z].*\.$/);
  });
});
