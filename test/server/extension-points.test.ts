import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Express } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createHttpServer } from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';

type Create = (typeof EXPRESS_MAJORS)[number][1];

/** What somebody else does to Express' extension points, and takes back when others could see it. */
interface Change {
  readonly what: string;
  make(app: Express, create: Create): (() => void) | undefined;
  /** What the route says with it, of the app and of the app that is mounted in it. */
  readonly said: readonly [own: unknown, mounted: unknown];
}

/** Declared for no other test. */
type Open = Record<string, unknown>;

const CHANGES: readonly Change[] = [
  {
    what: 'a method on app.request',
    make: (app) => {
      (app.request as unknown as Open).shout = () => 'req';
      return undefined;
    },
    said: [
      ['req', null],
      ['req', null],
    ],
  },
  {
    what: 'a getter on app.response',
    make: (app) => {
      Object.defineProperty(app.response, 'shouted', { get: () => 'res', configurable: true });
      return undefined;
    },
    said: [
      [null, 'res'],
      [null, 'res'],
    ],
  },
  {
    what: 'a method on express.request, for all apps',
    make: (_app, create) => {
      (create.request as unknown as Open).shout = () => 'all';
      return () => delete (create.request as unknown as Open).shout;
    },
    said: [
      ['all', null],
      ['all', null],
    ],
  },
  {
    what: 'app.request replaced by one that inherits from it',
    make: (app) => {
      app.request = Object.create(app.request, { shout: { value: () => 'replaced' } }) as typeof app.request;
      return undefined;
    },
    said: [
      ['replaced', null],
      [null, null],
    ],
  },
  {
    what: 'app.response replaced by one of its own making',
    make: (app) => {
      const own = Object.create(app.response) as typeof app.response;
      (own as unknown as Open).shouted = 'own';
      app.response = own;
      return undefined;
    },
    said: [
      [null, 'own'],
      [null, null],
    ],
  },
  {
    what: 'another object put into the chain of app.request',
    make: (app) => {
      const between = Object.create(Object.getPrototypeOf(app.request) as object) as Open;
      between.shout = () => 'between';
      Object.setPrototypeOf(app.request, between);
      return undefined;
    },
    said: [
      ['between', null],
      ['between', null],
    ],
  },
  {
    what: "a method on Node's own IncomingMessage",
    make: () => {
      (IncomingMessage.prototype as unknown as Open).shout = () => 'node';
      return () => delete (IncomingMessage.prototype as unknown as Open).shout;
    },
    said: [
      ['node', null],
      ['node', null],
    ],
  },
  {
    what: "a method on Node's own ServerResponse",
    make: () => {
      (ServerResponse.prototype as unknown as Open).shouted = 'node';
      return () => delete (ServerResponse.prototype as unknown as Open).shouted;
    },
    said: [
      [null, 'node'],
      [null, 'node'],
    ],
  },
  {
    what: 'res.json wrapped on app.response',
    make: (app) => {
      const { json } = app.response;
      app.response.json = function (this: typeof app.response, body: unknown) {
        return json.call(this, { wrapped: body });
      } as typeof json;
      return undefined;
    },
    said: [{ wrapped: [null, null] }, { wrapped: [null, null] }],
  },
];

function appWithRoutes(create: Create): Express {
  const app = create();
  addRoutes(app, create);
  return app;
}

function addRoutes(app: Express, create: Create): void {
  const child = create();
  for (const one of [app, child]) {
    one.get('/shout', (req, res) => {
      const shout = (req as unknown as Open).shout as (() => string) | undefined;
      res.json([shout?.() ?? null, (res as unknown as Open).shouted ?? null]);
    });
  }
  app.use('/child', child);
}

async function saidBy(server: Server): Promise<unknown> {
  const [own, mounted] = [await request(server).get('/shout'), await request(server).get('/child/shout')];
  return [own.body, mounted.body];
}

const MOMENTS = ['before the server is made', 'after it was made', 'after its first request'] as const;
const MAKERS: readonly (readonly [what: string, make: (app: Express) => Server])[] = [
  ['createHttpServer', (app) => createHttpServer(app)],
  // What the expectations are worth: they hold where nothing is prepared.
  ['http.createServer', (app) => createServer(app)],
];

describe.each(EXPRESS_MAJORS)('what others do to the extension points of %s', (_label, create) => {
  const cases = CHANGES.flatMap((change) =>
    MOMENTS.flatMap((moment) => MAKERS.map(([maker, make]) => [change.what, moment, maker, change, make] as const)),
  );

  it.each(cases)('%s, %s, holds under %s', async (_what, moment, _maker, change, make) => {
    const app = appWithRoutes(create);
    let undo: (() => void) | undefined;
    try {
      if (moment === MOMENTS[0]) undo = change.make(app, create);
      const server = make(app);
      if (moment === MOMENTS[1]) undo = change.make(app, create);
      if (moment === MOMENTS[2]) {
        expect(await saidBy(server)).toEqual([
          [null, null],
          [null, null],
        ]);
        undo = change.make(app, create);
      }
      expect(await saidBy(server)).toEqual(change.said);
      // And for the next request.
      expect(await saidBy(server)).toEqual(change.said);
    } finally {
      undo?.();
    }
  });

  it('a prototype that a middleware gives each request holds', async () => {
    const app = create();
    app.use((req, _res, next) => {
      Object.setPrototypeOf(req, Object.create(app.request, { shout: { value: () => 'each' } }) as object);
      next();
    });
    addRoutes(app, create);
    expect(await saidBy(createHttpServer(app))).toEqual(await saidBy(createServer(app)));
  });

  it('two servers of one app, ours and another, do not disturb each other', async () => {
    const app = appWithRoutes(create);
    const servers = [createHttpServer(app), createServer(app), createHttpServer(app)];
    (app.request as unknown as Open).shout = () => 'req';
    for (const server of [...servers, ...servers]) {
      expect(await saidBy(server)).toEqual([
        ['req', null],
        ['req', null],
      ]);
    }
  });

  it('an app behind a handler of its own, as a host switch has it, works as ever', async () => {
    const apps = { one: appWithRoutes(create), other: appWithRoutes(create) };
    (apps.other.request as unknown as Open).shout = () => 'other';
    const server = createHttpServer((req, res) => {
      (req.headers.host === 'other' ? apps.other : apps.one)(req, res);
    });
    const { body } = await request(server).get('/shout').set('Host', 'other');
    expect(body).toEqual(['other', null]);
    expect((await request(server).get('/shout').set('Host', 'one')).body).toEqual([null, null]);
  });
});
