import { hostname } from 'node:os';
import { pino } from 'pino';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createLogger, getContext, runWithContext, type Logger } from 'express-runbook';
import { keysAsWritten, recorded } from './recorded.js';

const IDENTITY = { service: 'builder-api', version: '1.2.3', environment: 'production' };

describe('a line', () => {
  it("has the builder runbook's keys in its order, and nothing else but the agreed ones (LOG-04, LOG-05)", () => {
    const { logger, text, lines } = recorded({ ...IDENTITY, includeHostname: false });
    logger.info(
      { duration: 45, statusCode: 200, url: '/api/users', method: 'GET', correlationId: 'c-1', requestId: 'r-1' },
      'Request completed',
    );
    expect(keysAsWritten(text())).toEqual([
      ...['level', 'timestamp', 'pid', 'service', 'version', 'environment', 'requestId', 'correlationId'],
      ...['method', 'url', 'statusCode', 'duration', 'msg', 'severity'],
    ]);
    expect(lines()[0]).toMatchObject({
      level: 'info',
      pid: process.pid,
      ...IDENTITY,
      requestId: 'r-1',
      statusCode: 200,
      duration: 45,
      msg: 'Request completed',
    });
    expect(lines()[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('tells hostname and timestamp unless told not to (LOG-11, X-23)', () => {
    const shown = recorded();
    shown.logger.info('hello');
    expect(shown.lines()[0]?.hostname).toBe(hostname());
    const hidden = recorded({ includeHostname: false, includeTimestamp: false });
    hidden.logger.info('hello');
    expect(Object.keys(hidden.lines()[0] ?? {})).toEqual(['level', 'pid', 'msg', 'severity']);
  });

  it.each(['trace', 'debug', 'http', 'info', 'warn', 'error', 'fatal'] as const)(
    'at level %s says so in lower case, and in upper case for grep (LOG-02, LOG-03, X-16, X-18)',
    (level) => {
      const { logger, lines } = recorded();
      logger[level]('said');
      expect(lines()).toMatchObject([{ level, severity: level.toUpperCase() }]);
    },
  );

  it('is written from its level on: debug < http < info (LOG-02, LOG-65)', () => {
    const { logger, lines } = recorded({ level: 'http' });
    logger.debug('no');
    logger.http('yes');
    logger.info('yes');
    expect(lines().map((line) => line.level)).toEqual(['http', 'info']);
    logger.level = 'error';
    logger.warn('no');
    expect(lines().filter((line) => line.channel !== 'audit')).toHaveLength(2);
  });

  it('has a text as its msg when only an object was given (LOG-12, T-22)', () => {
    const { logger, lines } = recorded();
    logger.info({ a: 1 });
    (logger.info as () => void)();
    expect(lines().map((line) => line.msg)).toEqual(['', '']);
  });

  it('has numbers where queries compare and text where they match (LOG-13, LOG-16, LOG-17, X-20)', () => {
    const { logger, lines } = recorded();
    logger.info({ duration: '12ms', statusCode: '404', userId: 123 }, 'typed');
    logger.info({ duration: 'long', userId: { id: 1 } }, 'not of that type');
    expect(lines()[0]).toMatchObject({ duration: 12, statusCode: 404, userId: '123' });
    expect(lines()[1]).toMatchObject({ duration_: 'long', userId_: { id: 1 } });
    expect(lines()[1]).not.toHaveProperty('duration');
  });

  it('cannot be forged by the fields it is given, and has no key twice (S20)', () => {
    const { logger, text, lines } = recorded({ ...IDENTITY, context: () => ({ requestId: 'r-1' }) });
    const forged = JSON.parse(
      '{"level":60,"time":0,"timestamp":"x","pid":1,"msg":"FORGED","service":"x","__proto__":{"a":1},"constructor":1}',
    );
    logger.child({ pid: 2, requestId: 'child' }).info(forged, 'true');
    expect(lines()[0]).toMatchObject({
      ...{ level: 'info', pid: process.pid, msg: 'true', service: 'builder-api', requestId: 'child' },
      ...{ level_: 60, time_: 0, timestamp_: 'x', pid_: 1, msg_: 'FORGED', service_: 'x' },
    });
    const keys = keysAsWritten(text());
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('carries the ids of the current context unless it has its own (LOG-19)', () => {
    const { logger, lines } = recorded({ context: getContext });
    runWithContext({ requestId: 'r-1', correlationId: 'c-1', userId: '7', clientId: 't-1' }, () => {
      logger.info('of the context');
      logger.info({ requestId: 'r-2' }, 'its own');
    });
    logger.info('outside');
    expect(lines()[0]).toMatchObject({ requestId: 'r-1', correlationId: 'c-1', userId: '7', clientId: 't-1' });
    expect(lines()[1]).toMatchObject({ requestId: 'r-2', correlationId: 'c-1' });
    expect(lines()[2]).not.toHaveProperty('requestId');
  });

  it('has no character that a terminal obeys, in message, field or key (S16)', () => {
    const { logger, text, lines } = recorded();
    const hostile = '\u0000\u001b[2J\u007f\u0085\u009b2J\u2028\u2029\u202e\u2066\r\n';
    logger.child({ [hostile]: 1 }).info({ [hostile]: hostile, a: { [hostile]: [hostile] } }, hostile);
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(text().trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]?.msg).toBe(hostile);
  });
});

describe('errors', () => {
  it('are told with type, message, stack, own fields and causes (LOG-63)', () => {
    const { logger, lines } = recorded();
    const error = Object.assign(new TypeError('outer', { cause: new RangeError('inner') }), { code: 'E_OUTER' });
    logger.error(error);
    logger.error({ err: error, orderId: 7 }, 'Order failed');
    logger.error('Order failed', error);
    logger.error(error, 'Order failed');
    const err = {
      type: 'TypeError',
      message: 'outer',
      code: 'E_OUTER',
      cause: { type: 'RangeError', message: 'inner' },
    };
    expect(lines()).toMatchObject([
      { msg: 'outer', err },
      { msg: 'Order failed', err, orderId: 7 },
      { msg: 'Order failed', err },
      { msg: 'Order failed', err },
    ]);
    expect(lines()[0]?.err.stack).toContain('lines.test.ts');
    expect(Object.keys(error)).toEqual(['code']);
  });

  it('follow at most five causes and ten aggregated errors', () => {
    const { logger, lines } = recorded();
    let chain = new Error('0');
    for (let index = 1; index < 5_000; index++) chain = new Error(String(index), { cause: chain });
    logger.error(chain);
    logger.error(new AggregateError(Array.from({ length: 10_000 }, (_, index) => new Error(String(index)))));
    let depth = 0;
    for (let error = lines()[0]?.err; typeof error === 'object'; error = error.cause) depth++;
    expect(depth).toBeLessThanOrEqual(6);
    expect(lines()[1]?.err.aggregateErrors.length).toBeLessThanOrEqual(11);
  });
});

describe('both call orders (X-63)', () => {
  it.each([
    ['pino: fields, message', [{ a: 1 }, 'done']],
    ['winston: message, fields', ['done', { a: 1 }]],
    ['nothing, message, fields', [null, 'done', { a: 1 }]],
  ])('%s', (_order, args) => {
    const { logger, lines } = recorded();
    logger.info(...(args as [object, string]));
    expect(lines()).toMatchObject([{ msg: 'done', a: 1 }]);
  });

  it('fill placeholders first and lose nothing of the rest', () => {
    const { logger, lines } = recorded();
    logger.info('%s has %d of %j', 'ann', 2, { b: 1 }, { a: 1 });
    logger.info({ a: 1 }, 'user %s', 'ann');
    logger.info('count', 5);
    logger.info('100% done %s');
    expect(lines()).toMatchObject([
      { msg: 'ann has 2 of {"b":1}', a: 1 },
      { msg: 'user ann', a: 1 },
      { msg: 'count 5' },
      { msg: '100% done %s' },
    ]);
  });

  it("understand beo's calls word for word (LOG-44, LOG-45, LOG-50)", () => {
    const { logger, text, lines } = recorded();
    logger.error('ALERT: HighErrorRate', { severity: 'critical', message: 'too many', metadata: { rate: 6 } });
    logger.error('Error occurred', { error: 'boom', stack: 'Error: boom\n at x', path: '/a', method: 'GET' });
    logger.info('Event processed successfully', { eventId: 'e', eventType: 't', duration: 12, userId: 'u' });
    expect(lines()[0]).toMatchObject({ msg: 'ALERT: HighErrorRate', severity: 'critical', message: 'too many' });
    expect(lines()[1]).toMatchObject({ msg: 'Error occurred', error: 'boom', path: '/a', method: 'GET' });
    expect(lines()[2]).toMatchObject({ eventId: 'e', eventType: 't', duration: 12, userId: 'u' });
    // LOG-54: `grep ERROR` finds an alert too, whose severity is its own.
    expect(text().match(/ERROR/g)).toHaveLength(2);
  });
});

describe('the logger', () => {
  it('is a pino logger, for whatever takes one, and fits the Logger port', () => {
    const logger = createLogger({ level: 'silent' });
    expectTypeOf(logger).toExtend<pino.Logger>();
    expectTypeOf(logger).toExtend<Logger>();
    expect(logger.version).toBe(pino.version);
    expect(logger.isLevelEnabled('info')).toBe(false);
  });

  it('gives children whose bindings are redacted and come once', () => {
    const { logger, text, lines } = recorded();
    const child = logger.child({ module: 'orders', password: 'hunter2' }, { msgPrefix: '[orders] ' });
    child.child({ module: 'items' }).info({ module: 'line' }, 'said');
    child.setBindings({ shop: 1 });
    child.info('said');
    expect(text()).not.toContain('hunter2');
    expect(keysAsWritten(text().split('\n')[0] ?? '').filter((key) => key === 'module')).toHaveLength(1);
    expect(lines()).toMatchObject([
      { module: 'line', msg: '[orders] said' },
      { module: 'orders', shop: 1 },
    ]);
    expect(child.bindings()).toMatchObject({ module: 'orders', password: '[REDACTED]', shop: 1 });
  });

  it('applies serializers of a child, and survives one that throws', () => {
    const { logger, lines } = recorded();
    const child = logger.child(
      {},
      {
        serializers: {
          order: (order: { id: number }) => order.id,
          bad: () => {
            throw new Error('no');
          },
        },
      },
    );
    child.info({ order: { id: 7 }, bad: 1, other: 2 }, 'said');
    expect(lines()).toMatchObject([{ order: 7, bad: '[serializer failed]', other: 2, msg: 'said' }]);
  });

  it('survives a context that throws', () => {
    const { logger, lines } = recorded({
      context: () => {
        throw new Error('no context');
      },
    });
    logger.info('said');
    expect(lines()).toMatchObject([{ msg: 'said' }]);
  });

  it('names a mistyped option and the one that was meant', () => {
    // @ts-expect-error the mistake under test
    expect(() => createLogger({ levle: 'info' })).toThrow(/createLogger\.levle.*did you mean level/);
    // @ts-expect-error the mistake under test
    expect(() => createLogger({ level: 'loud' })).toThrow(/createLogger\.level must be one of silent, fatal/);
  });
});

describe('pretty output', () => {
  it('has time, level and message first, then the fields, indented by four (LOG-10)', () => {
    const { logger, text } = recorded({ ...IDENTITY, format: 'pretty' });
    logger.access(
      { requestId: 'r-1', correlationId: 'c-1', method: 'GET', url: '/api', statusCode: 200, duration: 45 },
      'Request completed',
    );
    const [head, ...fields] = text().trimEnd().split('\n');
    expect(head).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: Request completed$/);
    expect(fields).toEqual([
      '    requestId: "r-1"',
      '    correlationId: "c-1"',
      '    method: "GET"',
      '    url: "/api"',
      '    statusCode: 200',
      '    duration: 45ms',
    ]);
  });

  it('names the level http and shows nothing that a terminal obeys (S16)', () => {
    const { logger, text } = recorded({ format: 'pretty' });
    logger.http({ a: '\u009b2J\u001b[2J' }, 'cleared \u001b[2J\u009b2J\u202e');
    expect(text()).toContain('HTTP: cleared');
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

describe('fields that are written in one go at the end of the line', () => {
  it('do not reach the line of whoever logs while it is made', () => {
    const { logger, lines } = recorded();
    const given = {
      id: 1,
      get seen() {
        logger.info({ inner: true }, 'read');
        return true;
      },
    };
    logger.info(given, 'told');
    logger.info('after');
    const told = lines().filter((line) => line.msg === 'told');
    expect(told).toMatchObject([{ id: 1, seen: true }]);
    expect(told[0]).not.toHaveProperty('inner');
    for (const line of lines().filter(({ msg }) => msg === 'read')) expect(line).not.toHaveProperty('id');
    expect(Object.keys(lines().at(-1) ?? {})).not.toContain('id');
  });

  it('come once, with typed fields and those that gave way to them', () => {
    const { logger, text } = recorded({ service: 'orders' });
    logger.info({ url: { path: '/' }, url_: 1, userId: 7, service: 'x', list: [1], severity: 'high' }, 'told');
    logger.info({ url: '/a', statusCode: 200, list: [1] }, 'told');
    for (const line of text().trim().split('\n')) {
      const keys = keysAsWritten(line);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toContain('list');
      expect(keys).toContain('severity');
    }
  });

  it("are seen by a child logger's own formatter", () => {
    const { logger, lines } = recorded();
    logger
      .child({}, { formatters: { log: (fields) => ({ ...fields, count: Object.keys(fields).length }) } })
      .info({ a: 1 });
    expect(lines()).toMatchObject([{ a: 1, count: expect.any(Number) }]);
    expect(lines()[0]?.count).toBeGreaterThan(2);
  });
});
