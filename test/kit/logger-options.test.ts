import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { ConfigError, createLogger, createOps, loadConfig, loggerOptions, type RunbookLogger } from 'express-runbook';
import { testApp } from 'express-runbook/testing';

function configOf(env: Record<string, string>) {
  return loadConfig({ env: { NODE_ENV: 'production', ...SECRETS, ...env }, envFile: false, isTerminal: false });
}

const SECRETS = { JWT_SECRET: 'a'.repeat(40), REFRESH_TOKEN_SECRET: 'b'.repeat(40) };

describe('loggerOptions', () => {
  it('says to a logger what the environment says, schema and names of files included (X-17, X-21, LOG-70)', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'logger-options-'));
    const env = { LOG_DIR: dir, LOG_APP_FILE: 'combined.log', LOG_AUDIT_DIR: join(dir, 'years'), LOG_SCHEMA: 'nested' };
    const logger = createLogger({ ...loggerOptions(configOf(env)), stdout: { write: () => undefined } });
    logger.info('not at this level');
    logger.warn('told');
    logger.audit('kept');
    await logger.close();
    const [line, ...more] = readFileSync(join(dir, 'combined.log'), 'utf8').trim().split('\n');
    expect(more).toEqual([]);
    expect(JSON.parse(line ?? '')).toMatchObject({
      ...{ level: 'WARN', message: 'told' },
      context: { environment: 'production', request_id: null },
    });
    expect(readFileSync(join(dir, 'years', 'audit.jsonl'), 'utf8')).toContain('kept');
  });

  it.each([
    ['LOG_SAMPLE_RATE', '10%', 'must be a number from 0 to 1'],
    ['LOG_SAMPLE_RATE', '1.1', 'must be a number from 0 to 1'],
    ['LOG_SCHEMA', 'json', 'must be one of flat, nested, winston'],
    ['LOG_WHEN_STALLED', 'block', 'must be one of drop, wait'],
  ])('%s=%s is refused by name', (name, value, problem) => {
    expect(() => configOf({ [name]: value })).toThrow(new RegExp(`${name}.*${problem}`));
  });
});

describe('createOps', () => {
  it('refuses a logger that is not from createLogger by what it lacks and where to get it, as pino itself', () => {
    const bare = pino({ enabled: false }) as unknown as RunbookLogger;
    expect(() => createOps({ service: 'orders', config: configOf({}), logger: bare })).toThrow(
      /^createOps\.logger must have the methods access, registerSecrets, droppedLines, .*: createLogger\(\) makes one/,
    );
    expect(() => createOps({ service: 'orders', config: configOf({}), logger: bare })).toThrow(ConfigError);
  });

  it('shows how much is logged and lost on /metrics (S18, LOG-82)', async () => {
    const { app, metrics, close } = testApp((routes) => {
      routes.get('/', (_req, res) => void res.end());
    });
    await request(app).get('/').expect(200);
    expect(await metrics.value('log_lines_dropped_total')).toBe(0);
    expect(await metrics.value('log_lines_total', { level: 'info' })).toBeGreaterThanOrEqual(1);
    await close();
  });

  it('samples the request lines as LOG_SAMPLE_RATE says (LOG-73)', async () => {
    const written: string[] = [];
    const config = configOf({ LOG_SAMPLE_RATE: '0' });
    const logger = createLogger({ ...loggerOptions(config), stdout: { write: (line) => written.push(line) } });
    const ops = createOps({ service: 'orders', config, logger });
    const app = express();
    app.use(ops.before);
    app.get('/', (_req, res) => void res.end());
    app.use(ops.after);
    await request(app).get('/').expect(200);
    await request(app).get('/nowhere').expect(404);
    await expect.poll(() => written.filter((line) => line.includes('"Request completed"')).length).toBe(1);
    expect(written.join('')).toContain('"url":"/nowhere"');
    await ops.shutdown.shutdown('test');
    ops.shutdown.uninstall();
  });
});
