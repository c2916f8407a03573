import { getEventListeners } from 'node:events';
import { gzipSync } from 'node:zlib';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { outgoingHeaders, runWithContext } from 'express-runbook';
import { createServiceClient, type ServiceClientOptions, type ServiceError } from 'express-runbook/services';
import { freePort } from '../support/reference-server.js';
import { recordingLogger } from '../support/recording-logger.js';
import { hang, inTurn, say, upstream } from './upstream.js';

const quick = { name: 'stock', retryDelayMs: 1, maxRetryDelayMs: 2 } satisfies Partial<ServiceClientOptions>;

async function failureOf(work: Promise<unknown>): Promise<ServiceError> {
  const outcome = await work.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ name: 'ServiceError' });
  return outcome as ServiceError;
}

describe('a call', () => {
  it('gives the answer, and what is read of it', async () => {
    const { url, requests } = await upstream(say(200, { left: 3 }));
    const client = createServiceClient({ ...quick, baseUrl: `${url}/v1/` });
    const answer = await client.call('/items', { query: { id: ['a', 'b'], page: 2, none: undefined } });
    expect([answer.status, answer.service, answer.json()]).toEqual([200, 'stock', { left: 3 }]);
    expect(requests[0]?.url).toBe('/v1/items?id=a&id=b&page=2');
    expect(await client.call('/items', { read: ({ bytes }) => bytes.length })).toBe(10);
  });

  it('carries the ids of the request that asks, the same at every attempt, with a parent id for each (COR-02, EXT-12)', async () => {
    const { url, requests } = await upstream(inTurn(say(503), say(200)));
    const client = createServiceClient({ ...quick, baseUrl: url, outgoingHeaders });
    await runWithContext({ requestId: 'req-1', correlationId: 'cor-1' }, () => client.call('/'));
    const sent = requests.map(({ headers }) => headers);
    expect(sent.map((one) => [one['x-request-id'], one['x-correlation-id']])).toEqual([
      ['req-1', 'cor-1'],
      ['req-1', 'cor-1'],
    ]);
    const [first = '', second = ''] = sent.map((one) => String(one.traceparent));
    expect(first.slice(0, 35)).toBe(second.slice(0, 35));
    expect(first).not.toBe(second);
  });

  it('stays below the base address, whatever the path says, and refuses a header that cannot be sent without telling its value', async () => {
    const { url, requests } = await upstream();
    const client = createServiceClient({ ...quick, baseUrl: `${url}/v1`, headers: () => ({ 'Api-Key': 'sec\nret' }) });
    for (const path of ['/../admin', '/%2e%2e/admin', 'http://evil.example/', '@evil.example/']) {
      await expect(client.call(path), path).rejects.toThrow(/base address|begins with/);
    }
    await expect(client.call('/')).rejects.toThrow(/Api-Key/);
    await expect(client.call('/')).rejects.not.toThrow(/sec/);
    expect(requests).toEqual([]);
  });

  it('does not take its keys to where a redirect points (F36)', async () => {
    const elsewhere = await upstream();
    const { url } = await upstream(say(302, '', { Location: elsewhere.url }));
    const client = createServiceClient({ ...quick, baseUrl: url, headers: { 'Api-Key': 'key' } });
    expect(await failureOf(client.call('/'))).toMatchObject({ code: 'ERR_SERVICE_FAILED', upstreamStatus: 302 });
    expect(elsewhere.requests).toEqual([]);
  });

  it('ends with the reason of its signal, and leaves no listener on it, in success, failure and abort', async () => {
    const { url, requests } = await upstream(inTurn(say(200), say(503), say(200), say(400), hang));
    const client = createServiceClient({ ...quick, baseUrl: url });
    const controller = new AbortController();
    const { signal } = controller;
    await client.call('/', { signal });
    await client.call('/', { signal });
    await client.call('/', { signal }).catch(() => undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const hanging = client.call('/', { signal });
    await expect.poll(() => requests.length).toBe(5);
    controller.abort(new Error('nobody waits'));
    await expect(hanging).rejects.toThrow('nobody waits');
    await expect(client.call('/', { signal })).rejects.toThrow('nobody waits');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(client.circuit()).toBe('closed');
  });
});

it('many calls of one signal warn of nothing and leave nothing behind', async () => {
  const { url } = await upstream();
  const client = createServiceClient({ ...quick, baseUrl: url });
  const { signal } = new AbortController();
  const warnings: string[] = [];
  const onWarning = ({ name }: Error): void => void warnings.push(name);
  process.on('warning', onWarning);
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 40 }, () => client.call('/', { signal })));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  }
  await new Promise(setImmediate);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

describe('what went wrong', () => {
  it.each([
    [400, 'ERR_SERVICE_REJECTED', 500, false],
    [404, 'ERR_SERVICE_REJECTED', 500, false],
    [429, 'ERR_SERVICE_OVERLOADED', 503, true],
    [500, 'ERR_SERVICE_FAILED', 502, true],
    [503, 'ERR_SERVICE_FAILED', 502, true],
  ])('a %i of the service is %s, for our client %i (S21)', async (status, code, statusCode, isOperational) => {
    const { url } = await upstream(say(status));
    const client = createServiceClient({ ...quick, baseUrl: url });
    const error = await failureOf(client.call('/'));
    expect(error).toMatchObject({ code, statusCode, isOperational, expose: false, upstreamStatus: status });
    expect((await client.call('/', { accept: [status] })).status).toBe(status);
  });

  it('a service that says nothing is 504, one that cannot be reached 502', async () => {
    const { url } = await upstream(hang);
    const late = createServiceClient({ ...quick, baseUrl: url, timeoutMs: 20, retries: 0 });
    expect(await failureOf(late.call('/'))).toMatchObject({ code: 'ERR_SERVICE_TIMEOUT', statusCode: 504 });
    const nobody = createServiceClient({ ...quick, baseUrl: `http://127.0.0.1:${String(await freePort())}` });
    const error = await failureOf(nobody.call('/', { method: 'POST' }));
    expect(error).toMatchObject({ code: 'ERR_SERVICE_UNREACHABLE', statusCode: 502, attempts: 3 });
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('a body that stops in the middle is too late, not an answer', async () => {
    const { url } = await upstream((_req, res) => res.writeHead(200, { 'Content-Length': 10 }).write('half'));
    const client = createServiceClient({ ...quick, baseUrl: url, timeoutMs: 30, retries: 0 });
    expect(await failureOf(client.call('/'))).toMatchObject({ code: 'ERR_SERVICE_TIMEOUT' });
  });

  it('an answer that is larger than it may be, unpacked, is not read to its end', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const { url } = await upstream((_req, res) => res.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb));
    const client = createServiceClient({ ...quick, baseUrl: url, maxResponseBytes: 1000 });
    expect(await failureOf(client.call('/'))).toMatchObject({ code: 'ERR_SERVICE_ANSWER_TOO_LARGE', statusCode: 502 });
  });

  it('an answer that cannot be read is 502, and its text is nowhere (EXT-13)', async () => {
    const { url } = await upstream((_req, res) => res.end('<html>the whole prompt</html>'));
    const logger = recordingLogger();
    const client = createServiceClient({ ...quick, baseUrl: url, logger });
    const error = await failureOf(client.call('/', { read: (answer) => answer.json() }));
    expect(error).toMatchObject({ code: 'ERR_SERVICE_ANSWER_INVALID', statusCode: 502 });
    expect(JSON.stringify([error.message, String(error.cause), logger.lines])).not.toContain('prompt');
  });

  it('bodies are summarised and credentials are in no line and no error (EXT-13, LOG-62)', async () => {
    const { url } = await upstream(say(400, { error: { code: 'bad_model', message: 'the whole prompt' } }));
    const logger = recordingLogger();
    const client = createServiceClient({ ...quick, baseUrl: url, headers: { Authorization: 'Bearer k3y' }, logger });
    const call = client.call('/v1/chat', { json: { prompt: 'the whole prompt' }, query: { token: 's3cret' } });
    const error = await failureOf(call);
    expect(error.message).toMatch(/^stock: answered 400 \(\d+ bytes, sha256 [0-9a-f]{12}, bad_model\)$/);
    expect(JSON.stringify([logger.lines, error, error.stack])).not.toMatch(/k3y|s3cret|the whole prompt/);
    expect(logger.lines.map(({ level, message, fields }) => [level, message, fields.path])).toEqual([
      ['warn', 'External call failed', '/v1/chat'],
    ]);
  });

  it('all of it is 503 with one text where the client has one; the log keeps the reason (ERR-16, X-54)', async () => {
    const { url } = await upstream(inTurn(say(401), say(500), hang));
    const logger = recordingLogger();
    const text = 'LLM service unavailable';
    const client = createServiceClient({
      ...quick,
      baseUrl: url,
      unavailableMessage: text,
      retries: 0,
      timeoutMs: 50,
      logger,
    });
    for (const code of ['ERR_SERVICE_REJECTED', 'ERR_SERVICE_FAILED', 'ERR_SERVICE_TIMEOUT']) {
      const error = await failureOf(client.call('/'));
      expect(error).toMatchObject({ message: text, code, statusCode: 503, expose: true, isOperational: true });
    }
    expect(logger.lines.map(({ fields }) => fields.error)).toEqual([
      expect.stringContaining('answered 401'),
      expect.stringContaining('answered 500'),
      'stock: no whole answer within 50 ms',
    ]);
  });

  it('settings that cannot work are refused at once, without their secrets', () => {
    const baseUrl = 'http://user:hunter2@127.0.0.1/';
    expect(() => createServiceClient({ name: 'stock', baseUrl })).toThrow(/createServiceClient.baseUrl must not hold/);
    expect(() => createServiceClient({ name: 'stock', baseUrl })).not.toThrow(/hunter2/);
    expect(() => createServiceClient({ name: 'stock', baseUrl: 'ftp://there' })).toThrow(/http/);
    expect(() => createServiceClient({ name: 'stock', baseUrl: 'http://a', retrys: 1 } as never)).toThrow(
      /did you mean retries/,
    );
  });
});

describe('retries', () => {
  it('come after growing pauses with a part of chance (EXT-01)', async () => {
    const { url } = await upstream(say(503));
    const logger = recordingLogger();
    const client = createServiceClient({
      name: 'stock',
      baseUrl: url,
      retries: 4,
      retryDelayMs: 4,
      breakerMinCalls: 99,
      logger,
    });
    const pauses = async (): Promise<number[]> => {
      await client.call('/').catch(() => undefined);
      return logger.lines
        .splice(0)
        .filter(({ message }) => message === 'External call is tried again')
        .map(({ fields }) => Number(fields.delayMs));
    };
    const seen = await pauses();
    expect(seen).toHaveLength(4);
    for (const [index, delayMs] of seen.entries()) {
      expect(delayMs).toBeGreaterThanOrEqual(2 * 2 ** index);
      expect(delayMs).toBeLessThanOrEqual(4 * 2 ** index);
    }
  });

  it('are made for what is idempotent or has a key, and for nothing else', async () => {
    const { url, requests } = await upstream(say(503));
    const client = createServiceClient({ ...quick, baseUrl: url, breakerMinCalls: 99 });
    const attemptsOf = async (options: Parameters<typeof client.call>[1]): Promise<number> => {
      requests.length = 0;
      await client.call('/', options).catch(() => undefined);
      return requests.length;
    };
    expect(await attemptsOf({ method: 'PUT', json: {} })).toBe(3);
    expect(await attemptsOf({ method: 'POST', json: {} })).toBe(1);
    expect(await attemptsOf({ method: 'PATCH', json: {} })).toBe(1);
    expect(await attemptsOf({ json: {}, idempotencyKey: 'order-7' })).toBe(3);
    expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['order-7', 'order-7', 'order-7']);
  });

  it('wait as long as Retry-After says, and are not made when that is too long; our client is told', async () => {
    const logger = recordingLogger();
    const { url, requests } = await upstream(
      inTurn(say(503, '', { 'Retry-After': '1' }), say(200), say(429, '', { 'Retry-After': '3' })),
    );
    const client = createServiceClient({
      name: 'stock',
      baseUrl: url,
      retryDelayMs: 1,
      maxRetryDelayMs: 1500,
      logger,
    });
    await client.call('/');
    expect(logger.lines.find(({ message }) => message.endsWith('tried again'))?.fields.delayMs).toBe(1000);
    const error = await failureOf(client.call('/'));
    expect(error).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '3' }, attempts: 1 });
    expect(requests).toHaveLength(3);
  });

  it('are a bounded share of the calls: a service that is down does not get a multiple of its traffic (S28)', async () => {
    const { url, requests } = await upstream(say(503));
    const client = createServiceClient({ ...quick, baseUrl: url, retryRatio: 0.1, breakerMinCalls: 10_000 });
    for (let call = 0; call < 100; call++) await client.call('/').catch(() => undefined);
    // 100 calls, 10 in stock, a tenth of the calls.
    expect(requests.length).toBeGreaterThanOrEqual(115);
    expect(requests.length).toBeLessThanOrEqual(120);
  });

  it('read Retry-After as a date too, and hand no more than a day on', async () => {
    const date = new Date(Date.now() + 7200_000).toUTCString();
    const { url } = await upstream(
      inTurn(say(429, '', { 'Retry-After': date }), say(429, '', { 'Retry-After': '9'.repeat(400) })),
    );
    const client = createServiceClient({ ...quick, baseUrl: url });
    const first = Number((await failureOf(client.call('/'))).headers?.['Retry-After']);
    expect(first).toBeGreaterThan(7000);
    expect(first).toBeLessThanOrEqual(7200);
    expect((await failureOf(client.call('/'))).headers).toEqual({ 'Retry-After': '86400' });
  });

  it('are not begun when they could not end in time', async () => {
    const { url, requests } = await upstream(say(503));
    const client = createServiceClient({ name: 'stock', baseUrl: url, totalTimeoutMs: 400, retryDelayMs: 4000 });
    await failureOf(client.call('/'));
    expect(requests).toHaveLength(1);
  });
});

describe('calls at the same time', () => {
  it('are bounded, wait in order, and fail at once when too many wait; nobody is forgotten', async () => {
    const held: (() => void)[] = [];
    const { url, requests } = await upstream((_req, res) => held.push(() => res.end()));
    const client = createServiceClient({ ...quick, baseUrl: url, maxConcurrent: 2, maxQueued: 1 });
    const calls = [1, 2, 3].map((number) => client.call(`/${String(number)}`));
    await expect.poll(() => held.length).toBe(2);
    expect(await failureOf(client.call('/4'))).toMatchObject({ code: 'ERR_SERVICE_BUSY', statusCode: 503 });
    held[0]?.();
    await expect.poll(() => held.length).toBe(3);
    for (const answer of held) answer();
    await Promise.all(calls);
    expect(requests.map((request) => request.url)).toEqual(['/1', '/2', '/3']);
  });

  it('who waits leaves with the signal, and its place is free again', async () => {
    const held: (() => void)[] = [];
    const { url } = await upstream((_req, res) => held.push(() => res.end()));
    const client = createServiceClient({ ...quick, baseUrl: url, maxConcurrent: 1, maxQueued: 1 });
    const first = client.call('/');
    await expect.poll(() => held.length).toBe(1);
    const controller = new AbortController();
    const waiting = client.call('/', { signal: controller.signal });
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    const next = client.call('/');
    held[0]?.();
    await first;
    await expect.poll(() => held.length).toBe(2);
    held[1]?.();
    expect((await next).status).toBe(200);
  });

  it('closing refuses new ones, ends pauses, and waits for what is under way', async () => {
    const held: (() => void)[] = [];
    const { url } = await upstream((req, res) => {
      if (req.url === '/pause') say(503)(req, res);
      else held.push(() => res.end());
    });
    const shutdown = new AbortController();
    const client = createServiceClient({ name: 'stock', baseUrl: url, retryDelayMs: 5000, signal: shutdown.signal });
    const slow = client.call('/slow');
    const pausing = client.call('/pause');
    await expect.poll(() => held.length).toBe(1);
    shutdown.abort();
    expect(await failureOf(pausing)).toMatchObject({ code: 'ERR_SERVICE_FAILED', attempts: 1 });
    expect(await failureOf(client.call('/'))).toMatchObject({ code: 'ERR_SERVICE_CLOSED', statusCode: 503 });
    let isClosed = false;
    const closing = client.close().then(() => (isClosed = true));
    await new Promise(setImmediate);
    expect(isClosed).toBe(false);
    held[0]?.();
    await Promise.all([slow, closing, client.close()]);
    expect(getEventListeners(shutdown.signal, 'abort')).toEqual([]);
  });
});

describe('a fallback', () => {
  it('answers when the service does not, and not when the call is wrong (EXT-02)', async () => {
    const first = await upstream(inTurn(say(500), say(400)));
    const second = await upstream(say(200, { text: 'from the other' }));
    const registry = new Registry();
    const other = createServiceClient({ ...quick, name: 'other', baseUrl: second.url });
    const client = createServiceClient({ ...quick, baseUrl: first.url, retries: 0, fallback: other, registry });
    const answer = await client.call('/v1', { json: {}, read: (one) => [one.service, one.json()] });
    expect(answer).toEqual(['other', { text: 'from the other' }]);
    expect(await failureOf(client.call('/v1'))).toMatchObject({ upstreamStatus: 400, service: 'stock' });
    expect(second.requests.map(({ url, method }) => [method, url])).toEqual([['POST', '/v1']]);
    expect(await registry.metrics()).toContain('external_fallbacks_total{service="stock"} 1');
  });
});

describe('metrics', () => {
  it('tell of attempts, errors and retries by service, under the names that are asked for (EXT-08, MET-28, MET-29)', async () => {
    const { url } = await upstream(inTurn(say(200), say(500), say(200)));
    const registry = new Registry();
    const client = createServiceClient({
      ...quick,
      name: 'llm_service',
      baseUrl: url,
      registry,
      durationMetric: 'llm_request_duration_seconds',
      errorsMetric: 'llm_errors_total',
    });
    expect(await registry.metrics()).toContain('external_service_up{service="llm_service"} 1');
    await client.call('/', { operation: 'completion' });
    await client.call('/');
    const text = await registry.metrics();
    for (const line of [
      'llm_request_duration_seconds_count{service="llm_service",operation="completion"} 1',
      'llm_request_duration_seconds_count{service="llm_service",operation="get"} 2',
      'llm_errors_total{service="llm_service",code="ERR_SERVICE_FAILED"} 1',
      'external_request_retries_total{service="llm_service"} 1',
      'external_requests_in_flight{service="llm_service"} 0',
    ]) {
      expect(text).toContain(line);
    }
  });
});
