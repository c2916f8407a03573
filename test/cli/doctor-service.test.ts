import express, { type Express, type RequestHandler, type Response } from 'express';
import { createServer, type Server } from 'node:http';
import { createServer as createSilent, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import {
  createGracefulShutdown,
  createHealthRouter,
  createHttpServer,
  createLogger,
  errorHandler,
  httpCheck,
  notFound,
  rateLimiter,
  securityHeaders,
  type HealthCheck,
} from 'express-runbook';
import { cli } from './cli.js';
import { doctor, whileServing, type Seen } from './doctor-calls.js';

const UP: HealthCheck = { name: 'database', run: () => ({ status: 'up' }) };
const SERVICE_GROUPS = ['service', 'probes', 'limiter', 'proxy', 'keep-alive', 'clock', 'certificate'];
const SECURITY = ['authentication', 'rate-limit', 'headers', 'https', 'leaks'].map((name) => `security.${name}`);
const ALL = [...SERVICE_GROUPS, ...SECURITY].flatMap((id) => ['--only', id]);

interface Pieces {
  /** In front of everything. */
  readonly first?: readonly RequestHandler[];
  readonly checks?: readonly HealthCheck[];
  readonly limiter?: RequestHandler | false;
  readonly isLimiterFirst?: boolean;
  readonly headers?: RequestHandler | false;
  readonly routes?: (app: Express) => void;
  readonly isErrorHandled?: boolean;
  readonly trustProxy?: boolean;
  /** In the place of the health router. */
  readonly health?: RequestHandler;
}

/** A service that is well but for what was said. */
function service({ first = [], checks = [UP], routes, ...pieces }: Pieces = {}): Express {
  const app = express();
  if (pieces.trustProxy === true) app.set('trust proxy', true);
  const limiter = pieces.limiter === false ? [] : [pieces.limiter ?? rateLimiter({ max: 1000 })];
  app.use(...[passing, ...first]);
  if (pieces.headers !== false) app.use(pieces.headers ?? securityHeaders());
  if (pieces.isLimiterFirst === true) app.use(...limiter);
  app.use(pieces.health ?? createHealthRouter({ checks }));
  app.use(...[passing, ...limiter], express.json());
  routes?.(app);
  if (pieces.isErrorHandled !== false) app.use(notFound(), errorHandler({ logger: createLogger({ level: 'silent' }) }));
  return app;
}

const passing: RequestHandler = (_req, _res, next) => {
  next();
};

function header(name: string, value: string): RequestHandler {
  return (_req, res, next) => {
    res.setHeader(name, value);
    next();
  };
}

/** Says it at the very end, over what the service said. */
function overriding(name: string, value: string): RequestHandler {
  return (_req, res, next) => {
    const set = res.setHeader.bind(res);
    res.setHeader = (said, other) => set(said, said.toLowerCase() === name.toLowerCase() ? value : other);
    res.setHeader(name, value);
    next();
  };
}

const OPEN_API = {
  openapi: '3.1.0',
  servers: [{ url: 'https://api.example.com/v1/' }],
  paths: {
    '/users/{id}': { get: { security: [{ bearer: [] }] }, delete: {} },
    '/prices': { get: { security: [] } },
    '/orders': { get: {} },
  },
};

function withDocument(status: Readonly<Record<string, number>>): (app: Express) => void {
  return (app) => {
    app.get('/api-docs/openapi.json', (_req, res) => void res.json(OPEN_API));
    for (const [path, code] of Object.entries(status)) app.all(path, (_req, res) => void res.status(code).json({}));
  };
}

function page(status: number, type: string, body: string): RequestHandler {
  return (req, res, next) => {
    if (!req.path.startsWith('/health')) next();
    else res.status(status).set('Cache-Control', 'no-store').type(type).send(body);
  };
}

interface Broken {
  readonly id: string;
  readonly what: string;
  readonly app: () => Express | Server;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly warns?: RegExp;
  readonly fails?: RegExp;
}

const BROKEN: readonly Broken[] = [
  {
    id: 'service.answers',
    what: 'liveness that says no',
    app: () => service({ first: [page(500, 'json', '{}')] }),
    fails: /\/health\/liveness answers 500/,
  },
  {
    id: 'service.checks',
    what: 'a dependency that is away (EXT-11)',
    app: () =>
      service({
        checks: [
          UP,
          { name: 'ledger', run: () => ({ status: 'down' }) },
          httpCheck({ name: 'llm', url: 'http://127.0.0.1:1' }),
        ],
      }),
    fails: /ledger is down: no traffic comes/,
    warns: /llm is down/,
  },
  {
    id: 'service.checks',
    what: 'something that is slow',
    app: () => service({ checks: [{ name: 'database', run: () => ({ status: 'degraded' }) }] }),
    warns: /database is degraded/,
  },
  {
    id: 'service.checks',
    what: 'a service that looks at nothing',
    app: () => service({ checks: [] }),
    warns: /\/health\?verbose names no checks/,
  },
  {
    id: 'probes.type',
    what: 'a page that answers every path',
    app: () => service({ first: [page(200, 'html', '<h1>Shop</h1>')] }),
    fails: /\/health\/readiness answers text\/html.*another route takes it/,
  },
  {
    id: 'probes.type',
    what: 'a probe that its query hides',
    app: () => {
      const health = createHealthRouter({ checks: [UP] });
      return service({ health: (req, res, next) => (req.url.includes('doctor') ? next() : health(req, res, next)) });
    },
    fails: /^probes\.type: \/health\/liveness\?doctor=1 answers 404, not 200 or 503/,
  },
  {
    id: 'probes.no-store',
    what: 'probes that a cache may keep',
    app: () => service({ first: [overriding('Cache-Control', 'public, max-age=60')] }),
    fails: /\/health does not say no-store/,
  },
  {
    id: 'probes.no-store',
    what: 'a cache in front',
    app: () => service({ first: [header('Age', '12')] }),
    fails: /comes from a cache \(Age: 12\)/,
  },
  {
    id: 'probes.no-store',
    what: 'probes that answer 304',
    app: () => service({ first: [page(200, 'json', '{"status":"ok"}')] }),
    fails: /\/health answers 304/,
  },
  {
    id: 'probes.time',
    what: 'probes beyond their budget (HLT-07)',
    app: () => service({ first: [(req, _res, next) => void setTimeout(next, req.path === '/health' ? 150 : 0)] }),
    warns: /\/health takes \d+ ms, its budget is 100/,
  },
  {
    id: 'probes.readiness',
    what: 'readiness that asks nothing',
    app: () => service({ checks: [{ ...UP, critical: false }] }),
    warns: /it asks nothing: traffic comes whatever is broken/,
  },
  {
    id: 'probes.draining',
    what: 'liveness that follows readiness (HLT-16)',
    app: () => service({ first: [page(503, 'json', '{}')] }),
    fails: /liveness answers 503 while readiness answers 503: it would be killed instead of drained/,
  },
  {
    id: 'probes.draining',
    what: 'a service that starts',
    app: () => service({ health: createHealthRouter({ checks: [UP], state: () => 'starting' }) }),
    warns: /it is starting: readiness 503, liveness 200/,
  },
  {
    id: 'probes.draining',
    what: 'a service that drains (HLT-16)',
    app: () => {
      const shutdown = createGracefulShutdown({ delayMs: 5000, exit: () => undefined });
      const server = createHttpServer(
        service({ health: createHealthRouter({ checks: [UP], state: () => shutdown.state() }) }),
      );
      shutdown.serve(server);
      server.once('listening', () => {
        shutdown.ready();
        void shutdown.shutdown();
      });
      return server;
    },
    warns: /it drains: readiness 503, liveness 200, as it should be/,
  },
  {
    id: 'limiter.probes',
    what: 'a limiter in front of the probes',
    app: () => service({ isLimiterFirst: true, limiter: countingAll() }),
    fails: /\/health\/liveness is counted by a limiter: ratelimit/,
  },
  {
    id: 'limiter.probes',
    what: 'a limiter that says nothing until it refuses',
    app: () => service({ first: [silentLimiter(9)] }),
    fails: /\/health\/liveness answers 429 at question \d+/,
  },
  {
    id: 'proxy.trust',
    what: 'an address that anybody may invent (SEC-06)',
    app: () => service({ trustProxy: true }),
    fails: /an invented X-Forwarded-For is believed/,
  },
  {
    id: 'proxy.trust',
    what: 'a proxy that nobody trusts (SEC-23)',
    app: () => service({ first: [header('Via', '1.1 front')] }),
    warns: /there is a proxy \(via\) and TRUST_PROXY is empty: all clients share one limit/,
  },
  {
    id: 'keep-alive.balancer',
    what: "Node's own 5 seconds",
    app: () => createServer({ keepAliveTimeout: 5000 }, service()),
    fails: /closes idle connections after 5 s, the load balancer keeps them 60/,
  },
  {
    id: 'keep-alive.balancer',
    what: 'a balancer that is more patient',
    app: () => createHttpServer(service()),
    args: ['--balancer-idle', '350'],
    fails: /closes idle connections after 65 s, the load balancer keeps them 350/,
  },
  {
    id: 'clock.service',
    what: 'a clock that is wrong',
    app: () => service({ first: [header('Date', new Date(Date.now() - 3_600_000).toUTCString())] }),
    fails: /the clock of the service is 359\d\.?\d* s from/,
  },
  {
    id: 'clock.service',
    what: 'a clock that is a little wrong',
    app: () => service({ first: [header('Date', new Date(Date.now() + 15_000).toUTCString())] }),
    warns: /the clock of the service is 1\d\.?\d* s from/,
  },
  {
    id: 'security.authentication',
    what: 'a route that answers everybody (SEC-17)',
    app: () => service({ routes: withDocument({ '/v1/users/0': 200, '/v1/orders': 401 }) }),
    fails: /^security\.authentication: GET \/v1\/users\/0 answers 200 without a credential$/,
  },
  {
    id: 'security.authentication',
    what: 'a route of which nobody said whether it may (SEC-17)',
    app: () => service({ routes: withDocument({ '/v1/users/0': 403, '/v1/orders': 200, '/v1/prices': 200 }) }),
    warns: /^security\.authentication: GET \/v1\/orders answers 200/,
  },
  {
    id: 'security.rate-limit',
    what: 'no limit (SEC-17)',
    app: () => service({ limiter: false }),
    warns: /no answer says that requests are limited/,
  },
  {
    id: 'security.headers',
    what: 'bare Express (SEC-17)',
    app: () => service({ headers: false }),
    fails: /no X-Content-Type-Options: nosniff.*no Content-Security-Policy/,
    warns: /neither X-Frame-Options nor frame-ancestors.*no Referrer-Policy.*X-Powered-By says Express/,
  },
  {
    id: 'security.leaks',
    what: 'a stack in an answer (SEC-17)',
    app: () =>
      service({
        isErrorHandled: false,
        routes: (app) =>
          app.use((req) => {
            throw new Error(`no ${req.path}`);
          }),
      }),
    fails: /an unknown path is answered 500, not 4xx.*the answer to a broken body shows a stack or a path/,
  },
  {
    id: 'security.leaks',
    what: 'a secret in an answer (SEC-17)',
    app: () => service({ routes: (app) => app.get('/', (_req, res) => void res.json({ env: 'q7Fz0pLwQ-hunter2' })) }),
    env: { METRICS_TOKEN: 'q7Fz0pLwQ-hunter2' },
    fails: /the answer to \/ has a secret of the settings/,
  },
];

/** It counts probes, too: ours never does. */
function countingAll(): RequestHandler {
  const limiter = rateLimiter({ max: 1000 });
  return (req, res, next) => {
    res.setHeader('RateLimit-Limit', '1000');
    limiter(req, res, next);
  };
}

/** Answers one path in front of everything else. */
function instead(path: string, answer: (res: Response) => unknown): RequestHandler {
  return (req, res, next) => {
    if (req.path === path) answer(res);
    else next();
  };
}

function silentLimiter(max: number): RequestHandler {
  let count = 0;
  return (_req, res, next) => {
    count++;
    if (count > max) res.status(429).end();
    else next();
  };
}

describe('a service that is broken', () => {
  it.each(BROKEN)('is told of by $id: $what (T-01)', async ({ id, app, args = [], env = {}, warns, fails }) => {
    const seen = await whileServing(app(), (url) => doctor([url, '--only', id, ...args], { env }));
    expect(seen.warned.join()).toMatch(warns ?? /^$/);
    expect(seen.failed.join()).toMatch(fails ?? /^$/);
    expect(seen.exitCode).toBe(fails === undefined ? 1 : 2);
    expect(seen.stdout).not.toContain('hunter2');
  });

  it('is told of when it is asked over plain HTTP from elsewhere, and its pages are open to the world (SEC-17, SEC-20)', async () => {
    const app = service({ routes: (routes) => routes.get('/metrics', (_req, res) => void res.send('up 1')) });
    const args = ['--only', 'security.https', '--only', 'security.leaks'];
    // An address of this machine that does not look like one.
    const seen = await whileServing(app, (url) => doctor([url.replace('127.0.0.1', '[::ffff:127.0.0.1]'), ...args]));
    expect(seen.failed).toEqual(['security.https: it is asked over plain HTTP, and answers']);
    expect(seen.warned).toEqual(['security.leaks: /metrics is open to everybody']);
  });

  it('is told the token of the house on this machine and never in plain text to another', async () => {
    const heard: (string | undefined)[] = [];
    const routes = (app: Express): void => {
      app.get('/api-docs/openapi.json', (req, res) => {
        heard.push(req.headers.authorization);
        res.status(401).json({});
      });
    };
    const call = { env: { OPS_TOKEN: 'a-token-of-the-house' } };
    const args = ['--only', 'security.authentication'];
    const seen = await whileServing(service({ routes }), async (url) => [
      await doctor([url, ...args], call),
      await doctor([url.replace('127.0.0.1', '[::ffff:127.0.0.1]'), ...args], call),
    ]);
    expect(heard).toEqual(['Bearer a-token-of-the-house', undefined]);
    const skipped = 'security.authentication: /api-docs/openapi.json is guarded, and OPS_TOKEN does not open it';
    expect(seen.map((one) => one.skipped)).toEqual([[skipped], [skipped]]);
  });

  it('does not call a route guarded that was too busy to say (SEC-17)', async () => {
    const busy = service({ routes: withDocument({ '/v1/users/0': 429, '/v1/orders': 401 }) });
    const seen = await whileServing(busy, (url) => doctor([url, '--only', 'security.authentication']));
    expect(seen.skipped).toEqual([
      'security.authentication: 1 of 2 routes answered with 429, 503 or a redirect: ask again later',
    ]);
  });

  it.each([
    ['/', 429, '1 of 7'],
    ['/metrics', 503, '1 of 7'],
    // By GET and by POST.
    ['/doctor-no-such-path', 503, '2 of 7'],
    ['/doctor-no-such-path', 308, '2 of 7'],
  ])('does not call %s clean that is answered %d before it has its say (SEC-17)', async (path, status, silent) => {
    const busy = service({ first: [instead(path, (res) => res.status(status).end())] });
    const ask = (url: string): Promise<Seen> => doctor([url, '--only', 'security.leaks']);
    // An address of this machine that does not look like one: pages of the house would be told of.
    const seen = await whileServing(busy, (url) => ask(url.replace('127.0.0.1', '[::ffff:127.0.0.1]')));
    const why = `security.leaks: ${silent} questions were answered with 429, 503 or a redirect: ask again later`;
    expect(seen).toMatchObject({ exitCode: 0, skipped: [why], warned: [], failed: [] });
  });

  it('is told of a stack in an answer that it was too busy to give (SEC-17)', async () => {
    const stack = 'Error: no\n    at limiter (/app/a.js:1:2)';
    const busy = service({ first: [instead('/', (res) => res.status(429).send(stack))] });
    const { failed } = await whileServing(busy, (url) => doctor([url, '--only', 'security.leaks']));
    expect(failed).toEqual(['security.leaks: the answer to / shows a stack or a path']);
  });

  it('ends the doctor in time when it takes connections and says nothing, or is not there at all', async () => {
    const silent = createSilent().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const ask = (): Promise<Seen> => doctor([`http://127.0.0.1:${port}`, ...ALL, '--timeout', '1']);
    const hanging = await ask();
    expect(hanging.failed).toEqual([
      `service.answers: http://127.0.0.1:${port} does not answer: no answer within 500 ms`,
    ]);
    expect(hanging.skipped.length).toBeGreaterThan(10);
    silent.close();
    expect((await ask()).failed).toEqual([expect.stringMatching(/does not answer: connect ECONNREFUSED/)]);
  });
});

describe('a service that is well', () => {
  it('gets nothing from any of these checks, and says why it left something out', async () => {
    const served = createHttpServer(service({ routes: withDocument({ '/v1/users/0': 401, '/v1/orders': 401 }) }));
    const seen = await whileServing(served, (url) => doctor([url, ...ALL]));
    expect(seen).toMatchObject({ exitCode: 0, failed: [], warned: [] });
    expect(seen.skipped.map((text) => text.split(':')[0]).sort()).toEqual([
      'certificate.days',
      'clock.database',
      'probes.draining',
      'security.https',
    ]);
  });

  it('is asked under the path of the URL, and may trust this machine as its proxy', async () => {
    const behind = express();
    behind.set('trust proxy', ['127.0.0.1']);
    behind.use('/shop', express().set('trust proxy', ['127.0.0.1']).use(service()));
    const inner = service();
    inner.set('trust proxy', ['127.0.0.1']);
    const seen = await whileServing(express().use('/shop', inner), (url) =>
      doctor([`${url}/shop/`, '--only', 'probes.type', '--only', 'proxy.trust'], { env: { TRUST_PROXY: 'loopback' } }),
    );
    expect(seen).toMatchObject({ exitCode: 0, failed: [], warned: [], skipped: [] });
  });
});

describe('a call', () => {
  it('prints a line for each finding, with its cure, and one for Nagios', async () => {
    const { stdout, exitCode } = await cli(['doctor', '--only', 'shutdown', '--skip', 'docker', '--dotenv', 'none'], {
      env: { SHUTDOWN_KILL_AFTER_MS: '12000' },
    });
    expect(stdout).toBe(
      'WARN  shutdown.budget  the supervisor (SHUTDOWN_KILL_AFTER_MS) kills after 12000 ms: after a drain of 10000 (delay 0 + time-out 10000) a hook has not its 5000\n' +
        '      cure: more than 15000 ms there, or less in SHUTDOWN_DELAY_MS and SHUTDOWN_TIMEOUT_MS\n' +
        '\n0 ok, 1 warned, 0 failed, 0 skipped\n',
    );
    expect(exitCode).toBe(1);
    const nagios = await cli(['doctor', '--only', 'shutdown', '--nagios', '--dotenv', 'none'], {
      env: { SHUTDOWN_KILL_AFTER_MS: '2' },
    });
    expect(nagios.stdout).toBe(
      'DOCTOR CRITICAL - 0 ok, 0 warned, 1 failed, 0 skipped: shutdown.budget | ok=0 warn=0 fail=1 skip=0\n',
    );
    expect(nagios.exitCode).toBe(2);
  });

  it.each([
    [['--only', 'probes.typo'], 'there is no check "probes.typo"'],
    [['ftp://example.com'], 'It must be a URL of http or https, without a password.'],
    [['http://app:hunter2@example.com'], 'It must be a URL of http or https, without a password.'],
    [['--json', '--nagios'], 'say either --nagios or --json'],
    [['--profile', '/nonexistent/profile.js'], 'cannot load /nonexistent/profile.js'],
  ])('that is wrong is refused in words: %j', async (args, message) => {
    const { exitCode, stdout, stderr } = await cli(['doctor', ...args, '--dotenv', 'none']);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('hunter2');
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });
});
