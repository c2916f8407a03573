import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { Counter, Registry } from 'prom-client';
import { rateLimiter, type Ops } from 'express-runbook';

export type Build = (app: Express, ops: Ops) => void;

interface BrokenService {
  readonly what: string;
  readonly build: Build;
  /** Exactly these, in this order. */
  readonly failures: readonly RegExp[];
}

const SECRET_URL = 'postgres://app:hunter2@db/app';

/** Keeps every promise, unless what stands first breaks one. */
export function wired(...first: readonly RequestHandler[]): Build {
  return (app, ops) => {
    for (const handler of [...first, ...ops.before]) app.use(handler);
    routes(app);
    app.use(ops.after);
  };
}

export function routes(app: Express): void {
  app.use(express.json());
  app.get('/fail', () => {
    throw new Error(`cannot connect to ${SECRET_URL}`);
  });
  app.get('/hello/:name', (req, res) => void res.json({ hello: req.params.name }));
}

/** Has the last word about a header of the answer; it sees what the client gave under the same name. */
function always(name: string, valueOf: (given: string) => string | undefined): RequestHandler {
  return (req, res, next) => {
    const set = res.setHeader.bind(res);
    const given = String(req.headers[name] ?? '');
    res.setHeader = (which, value) => set(which, (which.toLowerCase() === name ? valueOf(given) : undefined) ?? value);
    next();
  };
}

/** Answers one path in front of everything else. */
function instead(path: string, answer: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (req.path === path) void answer(req, res, next);
    else next();
  };
}

const seriesForEveryPath = (): readonly RequestHandler[] => {
  const registry = new Registry();
  const labelNames = ['method', 'endpoint', 'status'];
  const requests = new Counter({ name: 'http_requests_total', help: 'Requests.', labelNames, registers: [registry] });
  const count: RequestHandler = (req, res, next) => {
    res.on('finish', () => requests.inc({ method: req.method, endpoint: req.path, status: res.statusCode }));
    next();
  };
  const show: RequestHandler = (_req, res, next) => {
    const timed = 'http_request_duration_seconds_bucket{le="+Inf"} 1\n';
    registry.metrics().then((text) => res.type(registry.contentType).send(`${text}\n${timed}`), next);
  };
  return [instead('/metrics', show), count];
};

const tellsAll: ErrorRequestHandler = (error: Error, _req, res, next) => {
  if (!error.message.startsWith('cannot')) next(error);
  else res.status(500).json({ success: false, error: { code: 500, message: error.message }, stack: error.stack });
};

const limitProbes = (): RequestHandler => {
  const limiter = rateLimiter({ max: 60 });
  return (req, res, next) => (req.path.startsWith('/health') ? limiter(req, res, next) : next());
};

export const BROKEN: readonly BrokenService[] = [
  {
    what: 'one request id for all',
    build: wired(always('x-request-id', (given) => given || '550e8400-e29b-41d4-a716-446655440000')),
    failures: [/^ids\.unique: two requests got the X-Request-ID "550e/, /^ids\.sanitised: "x{60}" came back$/],
  },
  {
    what: 'ids that are taken over whatever they are',
    build: wired(always('x-correlation-id', (given) => given || undefined)),
    failures: [/^ids\.sanitised: "x{60}" came back$/],
  },
  {
    what: 'ids of the client that are ignored',
    build: wired((req, _res, next) => {
      delete req.headers['x-correlation-id'];
      next();
    }),
    failures: [/^ids\.taken-over: X-Correlation-ID my-trace-123 came back as "/],
  },
  {
    what: 'a health endpoint in front of the ids',
    build: wired(instead('/health', (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }))),
    failures: [/^ids\.everywhere: GET \/health is answered without x-request-id$/],
  },
  {
    what: 'probes that a cache may keep',
    build: wired(always('cache-control', () => 'max-age=60')),
    failures: [/^probes\.no-store: \/health has Cache-Control max-age=60$/],
  },
  {
    what: 'a probe that tells the password of the database',
    build: wired(
      instead('/health/readiness', (_req, res) => {
        res.set('Cache-Control', 'no-store').json({ status: 'ok', error: `no answer from ${SECRET_URL}` });
      }),
    ),
    failures: [/^probes\.no-secret: \/health\/readiness shows a URL with a password$/],
  },
  {
    what: 'readiness that nobody mounted',
    build: wired(instead('/health/ready', (_req, _res, next) => next('router'))),
    failures: [
      /^ids\.everywhere: GET \/health\/ready /,
      /^probes\.readiness: \/health\/ready is answered 404$/,
      /^probes\.no-store/,
    ],
  },
  {
    what: 'a limiter that counts probes',
    build: (app, ops) => wired(limitProbes())(app, ops),
    failures: [/^probes\.unlimited: one of \d+ probes is answered 429$/],
  },
  {
    what: 'a series for every path',
    build: (app, ops) => wired(...seriesForEveryPath())(app, ops),
    failures: [/^metrics\.bounded: 12 unknown paths made 12 series of http_requests_total$/],
  },
  {
    what: 'metrics that are none',
    build: wired(instead('/metrics', (_req, res) => void res.type('text/plain').send('requests: seven\n'))),
    failures: [
      /^metrics\.exposition: is no sample: requests: seven$/,
      /^metrics\.counted: there is no http_requests_total$/,
      /^metrics\.timed: there is no http_request_duration_seconds$/,
    ],
  },
  {
    what: 'errors that Express answers',
    build: (app, ops) => {
      app.use(ops.before);
      routes(app);
    },
    failures: [
      /^errors\.not-found: GET \/conformance-unknown: the body is text\/html/,
      /^errors\.malformed-url: GET \/hello\/%E0%A4%A: the body shows/,
      /^errors\.malformed-body: POST \/hello\/ann with .*: the body shows/,
      /^errors\.internal: GET \/fail: the body shows/,
      /^limits\.enforced: the body of the answer 429 shows a stack$/,
    ],
  },
  {
    what: 'an error handler that tells what went wrong inside',
    build: (app, ops) => {
      app.use(ops.before);
      routes(app);
      app.use(tellsAll);
      app.use(ops.after);
    },
    failures: [/^errors\.internal: GET \/fail: the body shows (?:a stack|paths)/],
  },
  {
    what: 'a body of any size',
    build: (app, ops) => {
      app.use(ops.before);
      app.post('/hello/ann', express.json({ limit: '1gb' }), (_req, res) => void res.json({}));
      routes(app);
      app.use(ops.after);
    },
    failures: [/^limits\.body: POST \/hello\/ann with 12 MB is answered 200$/],
  },
];
