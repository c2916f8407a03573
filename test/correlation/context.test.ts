import { EventEmitter, once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Agent, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { Readable, Transform, Writable } from 'node:stream';
import { json as jsonOf } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzip } from 'node:zlib';
import type { Express, NextFunction, Request, Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bindContext, createHttpServer, extendContext, getContext, runWithContext } from 'express-runbook';
import { createPool, withTransaction, type ObservedPool } from 'express-runbook/postgres';
import { testApp, type TestApp } from 'express-runbook/testing';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { listening } from '../support/raw-exchange.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const REQUESTS = 1000;
// A few seconds; a machine with other things to do takes its time.
const LIMIT_MS = 180_000;
const AT_ONCE = 60;

/** Notes whose context the code that calls it runs in, and says so in a line of its own. */
type Step = () => void;
/** One way for work to go on later. Calls `step` wherever it comes by. */
type Way = (step: Step, req: Request, res: Response) => Promise<void>;

let database: TestDatabase;
let pool: ObservedPool;

beforeAll(async () => {
  database = await testDatabase();
  // Few connections for many requests: each is handed on in the context of the request that gives it back. They wait for it
  // for as long as it takes on a busy machine.
  pool = createPool({ connectionString: database.url, max: 3, connectionTimeoutMs: 60_000 });
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

/** Belongs to all requests; what it emits, it emits in the context of whoever happens to wake it. */
const shared = new EventEmitter().setMaxListeners(0);
const idOf = (req: Request): string => req.query.id as string;
const callback = (work: (done: () => void) => void): Promise<void> => new Promise((resolve) => work(resolve));

const WAYS: Readonly<Record<string, Way>> = {
  async await(step) {
    await sleep(Math.random() * 5);
    step();
    await Promise.all([sleep(1).then(step), Promise.resolve().then(step)]);
    step();
  },
  timers: (step) =>
    callback((done) => {
      const interval = setInterval(() => {
        step();
        clearInterval(interval);
        setImmediate(() => {
          step();
          process.nextTick(() => {
            step();
            queueMicrotask(() => {
              step();
              done();
            });
          });
        });
      }, 1);
    }),
  async 'an emitter of its own'(step) {
    const emitter = new EventEmitter();
    emitter.on('event', step);
    setTimeout(() => emitter.emit('event'), Math.random() * 5);
    await once(emitter, 'event');
    step();
  },
  'a shared emitter, with bindContext': (step) =>
    callback((done) => {
      shared.once(
        'wake',
        bindContext(() => {
          step();
          setImmediate(() => {
            step();
            done();
          });
        }),
      );
      setTimeout(() => runWithContext({ requestId: 'intruder' }, () => shared.emit('wake')), Math.random() * 5);
    }),
  async streams(step) {
    const transform = new Transform({
      objectMode: true,
      transform(chunk, _encoding, done) {
        step();
        setImmediate(done, null, chunk);
      },
    });
    const sink = new Writable({
      objectMode: true,
      write(_chunk, _encoding, done) {
        step();
        done();
      },
    });
    await pipeline(Readable.from([1, 2, 3]), transform, sink);
    step();
  },
  'a file': (step) =>
    callback((done) => {
      createReadStream(fileURLToPath(import.meta.url), { highWaterMark: 4096 })
        .on('data', step)
        .on('end', () => {
          step();
          done();
        });
    }),
  'a thread of the pool': (step) =>
    callback((done) => {
      gzip('x'.repeat(1000), () => {
        step();
        done();
      });
    }),
  async 'an outgoing call'(step, req) {
    await (await fetch(`http://127.0.0.1:${req.socket.localPort}/health/live`)).text();
    step();
  },
  async 'a query by promise'(step) {
    await pool.query('select pg_sleep(0.001)');
    step();
  },
  'a query by callback': (step) =>
    callback((done) => {
      pool.query('select 1', () => {
        step();
        done();
      });
    }),
  async 'a client by promise'(step) {
    const client = await pool.connect();
    step();
    await client.query('select 1');
    step();
    client.release();
  },
  'a client by callback': (step) =>
    callback((done) => {
      pool.connect((error, client, release) => {
        step();
        // Without one the step above has told of the error's context, and there is nothing to ask.
        if (client === undefined) {
          expect(error).toBeInstanceOf(Error);
          done();
          return;
        }
        client.query('select $1::int', [1], () => {
          step();
          release();
          done();
        });
      });
    }),
  async 'a transaction'(step) {
    await withTransaction(pool, async (client) => {
      step();
      await client.query('select 1');
      step();
    });
    step();
  },
  async 'a job inside'(step) {
    const seen = await runWithContext({ requestId: 'job' }, async () => {
      await sleep(1);
      return getContext()?.requestId;
    });
    expect(seen).toBe('job');
    step();
  },
  async 'what is learnt on the way'(step, req) {
    extendContext({ userId: idOf(req) });
    await sleep(Math.random() * 3);
    expect(getContext()?.userId).toBe(idOf(req));
    step();
  },
};

interface Answer {
  readonly id: string;
  readonly seen: readonly (string | undefined)[];
}

function serviceOf(create: () => Express, express: { json(): unknown; urlencoded(o: object): unknown }): TestApp {
  const parked: Response[] = [];
  return testApp(
    (app, { logger }) => {
      const steps = (req: Request): { step: Step; answer: Answer } => {
        const answer = { id: idOf(req), seen: [] as (string | undefined)[] };
        const step = (): void => {
          answer.seen.push(getContext()?.requestId);
          logger.info({ expected: answer.id }, 'Step');
        };
        return { step, answer };
      };
      app.get('/way/:way', (req, res, next) => {
        const { step, answer } = steps(req);
        const way = WAYS[req.params.way]!;
        way(step, req, res).then(() => res.json(answer), next);
      });
      // Types of both majors differ; what is used of them does not.
      app.post('/parsed', express.json() as never, express.urlencoded({ extended: false }) as never, (req, res) => {
        const { step, answer } = steps(req);
        step();
        expect((req.body as { id: string }).id).toBe(answer.id);
        res.json(answer);
      });
      app.post('/read', (req, res, next) => {
        const { step, answer } = steps(req);
        const read = async (): Promise<void> => {
          for await (const chunk of req) if (Buffer.isBuffer(chunk)) step();
          step();
          res.json(answer);
        };
        read().catch(next);
      });
      app.get('/failing', (req, res, next) => {
        const { step, answer } = steps(req);
        res.locals.failing = { step, answer };
        setTimeout(() => next(new Error('on purpose')), 1);
      });
      app.use((_error: unknown, _req: Request, res: Response, next: NextFunction) => {
        const failing = res.locals.failing as ReturnType<typeof steps> | undefined;
        if (failing === undefined) {
          next(_error);
          return;
        }
        failing.step();
        res.json(failing.answer);
      });
      app.get('/ended-elsewhere', (req, res) => {
        parked.push(res);
        const { answer } = steps(req);
        res.locals.answer = { ...answer, seen: [answer.id] };
        setTimeout(() => {
          // The last one to come ends all that wait, in a context that is none of theirs.
          const waiting = parked.splice(0);
          runWithContext({ requestId: 'intruder' }, () => {
            for (const one of waiting) one.json(one.locals.answer);
          });
        }, 2);
      });
    },
    { app: create(), rateLimit: false },
  );
}

const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
afterAll(() => agent.destroy());

async function ask(port: number, id: string, path: string, body?: string, type?: string): Promise<Partial<Answer>> {
  const sent = httpRequest({
    agent,
    port,
    host: '127.0.0.1',
    method: body === undefined ? 'GET' : 'POST',
    path: `${path}?id=${id}`,
    headers: { 'x-request-id': id, ...(type === undefined ? {} : { 'content-type': type }) },
  });
  if (body === undefined) sent.end();
  else {
    // In two pieces, so that the parser has to wait for the second.
    sent.write(body.slice(0, 4));
    setTimeout(() => sent.end(body.slice(4)), 1);
  }
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  // Without what it has seen when the service failed.
  return (await jsonOf(answer)) as Partial<Answer>;
}

describe.each(EXPRESS_MAJORS)('the context on %s', (_label, create) => {
  let service: TestApp;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    service = serviceOf(create, create);
    server = createHttpServer(service.app);
    port = await listening(server);
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await service.close();
  });

  it(
    `stays with its request through ${Object.keys(WAYS).length + 5} ways to go on later, ${REQUESTS} requests interleaved (COR-07, S14, LOG-83)`,
    async () => {
      const asks: ((id: string) => Promise<Partial<Answer>>)[] = [
        ...Object.keys(WAYS).map((way) => (id: string) => ask(port, id, `/way/${encodeURIComponent(way)}`)),
        (id) => ask(port, id, '/parsed', JSON.stringify({ id }), 'application/json'),
        (id) => ask(port, id, '/parsed', `id=${id}`, 'application/x-www-form-urlencoded'),
        (id) => ask(port, id, '/read', 'some bytes'),
        (id) => ask(port, id, '/failing'),
        (id) => ask(port, id, '/ended-elsewhere'),
      ];
      const ids = Array.from({ length: REQUESTS }, (_, index) => `request-${index}`);
      const answers = await Promise.all(ids.map((id, index) => asks[index % asks.length]!(id)));
      await service.settled();

      const mixed = answers.filter((answer, index) => {
        const { id, seen = [] } = answer;
        return id !== ids[index] || seen.length === 0 || seen.some((one) => one !== id);
      });
      expect(mixed).toEqual([]);
      const ownLines = service.logs.filter({ msg: 'Step' });
      expect(ownLines.length).toBeGreaterThan(REQUESTS);
      expect(ownLines.filter(({ requestId, expected }) => requestId !== expected)).toEqual([]);
      // The line at the end of a request is its own too, in whichever context the answer was ended.
      const ends = service.logs.filter({ msg: 'Request completed' });
      const idIn = (url: unknown) => new URL(String(url), 'http://x').searchParams.get('id');
      expect(ends.map(({ url }) => idIn(url)).sort()).toEqual([...ids].sort());
      expect(ends.filter(({ requestId, url }) => requestId !== idIn(url))).toEqual([]);
    },
    LIMIT_MS,
  );
});
