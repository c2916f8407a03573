import express from 'express';
import {
  AppError,
  correlationId,
  errorAnswer,
  errorHandler,
  InternalServerError,
  NotFoundError,
  TooManyRequestsError,
} from 'express-runbook';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordingLogger } from '../support/recording-logger.js';
import { strangeThings } from './strange-things.js';

const PG_UNIQUE = Object.assign(new Error('duplicate key value (email)=(ann@example.com)'), {
  code: '23505',
  severity: 'ERROR',
});
const HEADERS = ['content-type', 'cache-control', 'retry-after', 'www-authenticate', 'allow'];
const THROWN: [what: string, thrown: unknown][] = [
  ['not found', new NotFoundError('Event')],
  ['a mistake in the program', new InternalServerError('db pw=x')],
  ['too often', new TooManyRequestsError('Too many requests', { headers: { 'Retry-After': '7' } })],
  ['an outage with words of its own', new AppError(503, 'LLM service unavailable', true, { expose: true })],
  ['what Postgres refused', PG_UNIQUE],
  ['what a schema refused', z.object({ type: z.string() }).safeParse({}).error],
  ...strangeThings().map(([what, thrown]): [string, unknown] => [what, thrown]),
];

describe.each(['envelope', 'problem'] as const)('an error without (req, res), as %s (X-62)', (type) => {
  it.each(THROWN)('is answered as errorHandler() answers it: %s', async (_what, thrown) => {
    const app = express();
    app.use(correlationId());
    app.use((_req, _res, next) => next(thrown));
    app.use(errorHandler({ logger: recordingLogger(), type }));
    const sent = await request(app).get('/').set('X-Request-ID', 'r-1');
    const { statusCode, headers, body } = errorAnswer(thrown, { type, requestId: 'r-1' });
    expect([statusCode, body]).toEqual([sent.status, sent.text]);
    const response = new Response(body, { status: statusCode, headers });
    for (const name of HEADERS) expect([name, response.headers.get(name)]).toEqual([name, sent.headers[name] ?? null]);
  });
});

it('an error without (req, res) says whether it was foreseen, and has no id where none is known', () => {
  expect(errorAnswer(new NotFoundError('Event'))).toMatchObject({
    isOperational: true,
    body: '{"success":false,"error":{"code":404,"message":"Event not found"}}',
  });
  expect(errorAnswer(new TypeError('x is not a function')).isOperational).toBe(false);
});
