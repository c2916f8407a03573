import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bindContext,
  correlationId,
  createLogger,
  extendContext,
  getContext,
  httpLogger,
  outgoingHeaders,
  runWithContext,
} from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each(EXPRESS_MAJORS)('correlationId on %s', (_label, create) => {
  function app() {
    const app = create();
    app.use(correlationId());
    app.get('/context', (_req, res) => {
      res.json(getContext());
    });
    return app;
  }

  it('makes both ids when the client sends none, and returns them (COR-01, COR-02)', async () => {
    const response = await request(app()).get('/context').expect(200);
    expect(response.headers['x-request-id']).toMatch(UUID);
    expect(response.headers['x-correlation-id']).toMatch(UUID);
    expect(response.headers['x-request-id']).not.toBe(response.headers['x-correlation-id']);
    expect(response.body).toEqual({
      requestId: response.headers['x-request-id'],
      correlationId: response.headers['x-correlation-id'],
    });
  });

  it('takes the ids of the client verbatim, UUID or not (COR-01, COR-04)', async () => {
    const response = await request(app())
      .get('/context')
      .set('X-Request-ID', '550e8400-e29b-41d4-a716-446655440000')
      .set('X-Correlation-ID', 'my-trace-123');
    expect(response.headers['x-request-id']).toBe('550e8400-e29b-41d4-a716-446655440000');
    expect(response.headers['x-correlation-id']).toBe('my-trace-123');
  });

  it('makes the missing one when only one is given (COR-09)', async () => {
    const response = await request(app()).get('/context').set('X-Correlation-ID', 'my-trace-123');
    expect(response.headers['x-correlation-id']).toBe('my-trace-123');
    expect(response.headers['x-request-id']).toMatch(UUID);
  });

  it('returns the ids on an unknown route too (COR-03)', async () => {
    const response = await request(app()).get('/nowhere').set('X-Correlation-ID', 'my-trace-123').expect(404);
    expect(response.headers['x-correlation-id']).toBe('my-trace-123');
  });

  it.each([
    ['an empty one', ''],
    ['one with a space', 'a b'],
    ['two in one header', 'a, b'],
    ['one of 129 characters', 'x'.repeat(129)],
    ['a forged log line', '","level":60,"msg":"FORGED'],
    ['markup', '<script>'],
    ['a JNDI lookup', '${jndi:ldap://x}'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['a path that climbs', '../../etc/passwd'],
  ])('replaces %s by a fresh id (COR-05)', async (_what, id) => {
    const response = await request(app()).get('/context').set('X-Request-ID', id);
    expect(response.headers['x-request-id']).toMatch(UUID);
  });

  it('accepts 128 characters (COR-05)', async () => {
    const response = await request(app()).get('/context').set('X-Request-ID', 'x'.repeat(128));
    expect(response.headers['x-request-id']).toBe('x'.repeat(128));
  });

  it('keeps interleaved requests apart across awaits and timers (COR-07)', async () => {
    const app = create();
    app.use(correlationId());
    app.get('/wait/:ms', (req, res) => {
      void (async () => {
        await sleep(Number(req.params.ms));
        await new Promise((resolve) => setImmediate(resolve));
        res.json({ id: getContext()?.requestId });
      })();
    });
    const ids = Array.from({ length: 50 }, (_, index) => `request-${index}`);
    const server = app.listen(0);
    try {
      const answers = await Promise.all(
        ids.map((id, index) =>
          request(server)
            .get(`/wait/${(index * 7) % 20}`)
            .set('X-Request-ID', id),
        ),
      );
      expect(answers.map((answer) => answer.body.id)).toEqual(ids);
    } finally {
      server.close();
    }
  });

  it('opens one context when mounted twice', async () => {
    const app = create();
    app.use(correlationId(), correlationId());
    app.get('/', (_req, res) => {
      res.json(getContext());
    });
    const response = await request(app).get('/');
    expect(response.body.requestId).toBe(response.headers['x-request-id']);
  });
});

describe('the context', () => {
  it('is extended by what is learnt later, for the whole request', async () => {
    const app = express();
    app.use(correlationId());
    app.use((_req, _res, next) => {
      extendContext({ userId: '123' });
      next();
    });
    app.get('/', (_req, res) => {
      res.json(getContext());
    });
    const response = await request(app).get('/');
    expect(response.body.userId).toBe('123');
  });

  it('gives the headers of an outgoing call (COR-02)', () => {
    const headers = runWithContext({ requestId: 'r-1', correlationId: 'c-1' }, outgoingHeaders);
    expect(headers).toEqual({
      'X-Request-ID': 'r-1',
      'X-Correlation-ID': 'c-1',
      traceparent: expect.stringMatching(/^00-[\da-f]{32}-[\da-f]{16}-02$/) as string,
    });
    expect(outgoingHeaders()).toEqual({});
  });

  it('sends no id of a job that the other service would refuse, and that fetch could not send (COR-05)', () => {
    const headers = runWithContext({ requestId: 'a\r\nX-Injected: 1', correlationId: 'Größe 7' }, outgoingHeaders);
    expect(Object.keys(headers)).toEqual(['traceparent']);
  });
});

describe('correlationId options', () => {
  it('names the mistyped option and the one that was meant', () => {
    // @ts-expect-error the mistake under test
    expect(() => correlationId({ requestIDHeader: 'X-Id' })).toThrow(/requestIDHeader.*did you mean requestIdHeader/);
  });

  it('uses other header names and another generator', async () => {
    const app = express();
    app.use(correlationId({ requestIdHeader: 'X-Trace', generateId: () => 'fixed' }));
    const response = await request(app).get('/');
    expect(response.headers['x-trace']).toBe('fixed');
  });
});

describe('runWithContext', () => {
  it('gives each of many jobs at a time its own context, and leaves none behind (COR-07)', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => `job-${index}`);
    const seen = await Promise.all(
      ids.map((correlationId, index) =>
        runWithContext({ correlationId }, async () => {
          await sleep(index % 7);
          extendContext({ userId: `user of ${correlationId}` });
          await sleep(index % 5);
          return getContext();
        }),
      ),
    );
    expect(seen).toEqual(ids.map((correlationId) => ({ correlationId, userId: `user of ${correlationId}` })));
    expect(getContext()).toBeUndefined();
  });

  it('returns and throws what the work does, and does not write to the fields it was given', () => {
    const fields = Object.freeze({ correlationId: 'c-1' });
    expect(runWithContext(fields, () => (extendContext({ userId: '1' }), 42))).toBe(42);
    expect(() =>
      runWithContext(fields, () => {
        throw new Error('failed job');
      }),
    ).toThrow('failed job');
    expect(fields).toEqual({ correlationId: 'c-1' });
  });

  it('takes nothing over from the context around it', () => {
    const inner = runWithContext({ userId: '1' }, () => runWithContext({ correlationId: 'c-2' }, getContext));
    expect(inner).toEqual({ correlationId: 'c-2' });
  });
});

describe('bindContext', () => {
  it('keeps the context of now, `this`, parameters and result', () => {
    const bound = runWithContext({ requestId: 'r-1' }, () =>
      bindContext(function (this: unknown, one: number, other: number) {
        return [getContext()?.requestId, this, one + other];
      }),
    );
    const owner = { bound };
    expect(runWithContext({ requestId: 'intruder' }, () => owner.bound(1, 2))).toEqual(['r-1', owner, 3]);
    const free = bindContext(() => getContext());
    expect(runWithContext({ requestId: 'intruder' }, free)).toBeUndefined();
  });
});

describe('the order of the middleware (COR-08)', () => {
  const warnings: string[] = [];
  const keep = (warning: Error): void => {
    if (warning.name === 'MiddlewareOrderWarning') warnings.push(warning.message);
  };
  beforeAll(() => process.on('warning', keep));
  afterAll(() => process.off('warning', keep));

  const logger = createLogger({ stdout: { write: () => true } });

  it('warns once when correlationId() stands behind httpLogger()', async () => {
    const app = express();
    app.use(httpLogger({ logger }), correlationId());
    for (let turn = 0; turn < 3; turn++) await request(app).get('/');
    await expect.poll(() => warnings).toEqual([expect.stringContaining('Mount correlationId() first')]);
  });

  it('does not warn when it stands first, nor when it is mounted twice', async () => {
    warnings.length = 0;
    const app = express();
    app.use(correlationId(), httpLogger({ logger }), correlationId());
    await request(app).get('/');
    await sleep(1);
    expect(warnings).toEqual([]);
  });
});
