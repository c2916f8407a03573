import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import {
  correlationId,
  createLogger,
  errorHandler,
  httpLogger,
  loadConfig,
  NotFoundError,
  notFound,
} from 'express-runbook';
import { ALERT_PRESETS, type AlertPreset } from 'express-runbook/alerts';
import { ROOT } from '../repo/source-files.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { dead, notShown, rowsWithId } from './table-rows.js';

const PAGE = 'docs/decisions/conflicts.md';

describe('the table of conflicts', () => {
  const rows = rowsWithId(PAGE, 'X');

  it('has each of them once, with what the guides say, the one mechanism and where it is set', () => {
    const ids = Array.from({ length: 66 }, (_, index) => `X-${String(index + 1).padStart(2, '0')}`);
    expect(rows.map(({ id }) => id).sort()).toEqual(ids);
    expect(rows.filter(({ cells }) => cells.length !== 4 || cells.includes(''))).toEqual([]);
  });

  it('links each to a test that speaks of it', () => {
    expect(dead(rows)).toEqual([]);
    expect(notShown(rows)).toEqual([]);
  });
});

const { log, health } = loadConfig({ env: { NODE_ENV: 'development' }, envFile: false });
const warnsAt = ({ rules }: AlertPreset, measure: string): number | undefined =>
  rules.find((rule) => rule.measure === measure)?.warning?.threshold;

it('a slow query, a slow database and an alert on either are three numbers (X-26)', () => {
  expect(log.slowQueryThresholdMs).toBe(100);
  expect(health.databaseThresholdMs).toBe(500);
  expect(warnsAt(ALERT_PRESETS.codebook, 'dbResponseTime')).toBe(1);
  const other = loadConfig({ env: { LOG_SLOW_QUERY_THRESHOLD: '250' }, envFile: false });
  expect([other.log.slowQueryThresholdMs, other.health.databaseThresholdMs]).toEqual([250, 500]);
});

it('a request is slow from the time on that is alarming as an average (X-27)', () => {
  expect(log.slowHttpThresholdMs).toBe(1000);
  expect(warnsAt(ALERT_PRESETS.beo, 'latencyAverage')).toBe(1);
});

it('an answer has the number, the error the word, and problem details are one option away (X-41)', async () => {
  const error = new NotFoundError('Event');
  const logger = createLogger({ service: 'orders', level: 'silent' });
  const app = (type?: 'problem') =>
    express()
      .get('/', () => {
        throw error;
      })
      .use(errorHandler({ logger, ...(type === undefined ? {} : { type }) }));
  expect(error.code).toBe('ERR_NOT_FOUND');
  expect((await request(app()).get('/').expect(404)).body.error.code).toBe(404);
  const { body, headers } = await request(app('problem')).get('/').expect(404);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status: 404, code: 'ERR_NOT_FOUND' });
});

it('nothing is restarted by SIGUSR2, which is a profile: no script calls nodemon (X-46)', () => {
  const scripts = Object.values(manifest(REFERENCE_SERVER).scripts);
  expect(scripts.filter((script) => script.includes('nodemon'))).toEqual([]);
  expect(manifest(REFERENCE_SERVER).scripts.dev).toContain('--watch');
});

it('Node 20.19 and PostgreSQL 14 are the oldest that are promised, and tried (X-50)', () => {
  expect(manifest(ROOT).engines?.node).toBe('>=20.19');
  expect(readFileSync(join(ROOT, 'test/campaign/postgres-versions.mjs'), 'utf8')).toMatch(/'14\.\d/);
});

it('the package is both kinds of module, and the reference server runs under plain names (X-60)', () => {
  const entries = Object.entries(manifest(ROOT).exports).filter(([name]) => name !== './package.json');
  for (const [name, entry] of entries) expect([name, Object.keys(entry)]).toEqual([name, ['import', 'require']]);
  expect(manifest(REFERENCE_SERVER).type).toBeUndefined();
  const ecosystem = createRequire(import.meta.url)(join(REFERENCE_SERVER, 'ecosystem.config.js')) as {
    apps: unknown[];
  };
  expect(ecosystem.apps).toHaveLength(1);
});

it('a server without Express has ids, lines and errors all the same (X-62)', async () => {
  const logger = createLogger({ service: 'orders', level: 'silent' });
  const [ids, lines, missing, answer] = [correlationId(), httpLogger({ logger }), notFound(), errorHandler({ logger })];
  const server = createServer((req, res) => {
    const end = (error?: unknown): void => answer(error, req, res, () => undefined);
    ids(req, res, () => lines(req, res, () => missing(req, res, end)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`);
  server.close();
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    success: false,
    error: { code: 404, message: 'Route not found' },
    requestId: response.headers.get('x-request-id'),
  });
});

interface Manifest {
  readonly type?: string;
  readonly engines?: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, object>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
