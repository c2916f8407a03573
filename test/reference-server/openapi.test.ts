import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesIn, sectionOf, tableIn } from '../guides/pages.js';
import { launch, REFERENCE_SERVER, type ReferenceServer } from '../support/reference-server.js';

type Method = (typeof METHODS)[number];
interface Operation {
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
}
interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
interface Recorded {
  readonly mounts: readonly {
    readonly router: number;
    readonly path: string;
    readonly child?: number;
    readonly handler?: string;
  }[];
  readonly routes: readonly Route[];
}
interface Route {
  readonly router: number;
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  readonly handlers: readonly string[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
// With all that some configurations leave out. Nothing is asked of a database before a credential is there.
const env = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  RATE_LIMIT_MAX: '10000',
  LLM_API_URL: 'http://127.0.0.1:1',
  LLM_API_KEY: 'a-key',
  PINECONE_INDEX_URL: 'http://127.0.0.1:1',
  PINECONE_API_KEY: 'a-key',
  GOOGLE_CLIENT_ID: 'an-id',
  GOOGLE_CLIENT_SECRET: 'a-secret',
};

let server: ReferenceServer;
let document: Document;
let recorded: Recorded;

beforeAll(async () => {
  const record = join(import.meta.dirname, 'fixtures/record-routes.cjs');
  const routesFile = join(folder, 'routes.json');
  server = await launch({ env: { ...env, NODE_OPTIONS: `--require ${record}`, ROUTES_FILE: routesFile } });
  recorded = JSON.parse(readFileSync(routesFile, 'utf8')) as Recorded;
  document = (await request(server.url).get('/api-docs/openapi.json').expect(200)).body as Document;
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const operations = (): [path: string, method: Method, operation: Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Method, Operation] => [
      path,
      method as Method,
      operation,
    ]),
  );
const urlOf = (path: string): string => `/api${path.replaceAll(/\{\w+\}/g, '7')}`;

/** What is mounted where, from the mount of the API on. */
function below(router: number, at: string): { path: string; route: Route }[] {
  const own = recorded.routes.filter((route) => route.router === router);
  return [
    ...own.flatMap((route) => route.paths.map((path) => ({ path: joined(at, path), route }))),
    ...recorded.mounts
      .filter((mount) => mount.router === router)
      .flatMap(({ path, child, handler }) => {
        // A handler that is mounted answers paths that no list has.
        if (child === undefined) throw new Error(`${String(handler)} is mounted below the API as if it were a router`);
        return below(child, joined(at, path));
      }),
  ];
}

function joined(at: string, path: string): string {
  return `${at}${path}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
}

function mounted(): { path: string; route: Route }[] {
  const [api, ...others] = recorded.mounts.filter(({ path, child }) => path === '/api' && child !== undefined);
  expect(others).toEqual([]);
  return below(api?.child ?? NaN, '');
}

describe('the OpenAPI document', () => {
  it('has every route that is mounted, and no other (API-10)', () => {
    const routes = mounted().flatMap(({ path, route }) =>
      route.methods
        .filter((method) => method !== '_all')
        .map((method) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
    );
    expect(routes.length).toBeGreaterThan(25);
    expect(
      operations()
        .map(([path, method]) => `${method} ${path}`)
        .sort(),
    ).toEqual(routes.sort());
  });

  it('hides no route behind `all`: what takes every method refuses them', () => {
    const all = mounted().filter(({ route }) => route.methods.includes('_all'));
    expect(all.length).toBeGreaterThan(10);
    for (const { path, route } of all)
      expect(new Set(route.handlers), path).toEqual(new Set(['methodNotAllowedMiddleware']));
  });

  it('says which routes ask who is calling, and each path answers to its methods and to no other', async () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const allowed = Object.keys(methods).map((method) => method.toUpperCase());
      const expected = [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
      const answers = METHODS.map((method) => request(server.url)[method](urlOf(path)).redirects(0));
      for (const [place, { status, headers }] of (await Promise.all(answers)).entries()) {
        const [method, what] = [METHODS[place] ?? 'get', `${String(METHODS[place])} ${path}`];
        const operation = methods[method];
        if (operation === undefined) {
          expect([status, headers.allow?.split(', ').sort()], what).toEqual([405, expected]);
        } else if (operation.security !== undefined) {
          expect([status, operation.security], what).toEqual([401, [{ bearer: [] }]]);
        } else {
          expect([302, 400], what).toContain(status);
          expect(Object.keys(operation.responses), what).toContain(String(status));
        }
      }
    }
    await request(server.url).get('/api/nowhere').expect(404);
  });

  it('names all parameters of a path, and nothing that it does not have (API-10)', () => {
    for (const [path, method, { parameters = [], responses }] of operations()) {
      const named = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      expect(named.sort(), `${method} ${path}`).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      );
      expect(
        Object.values(responses).every(({ description = '' }) => description !== ''),
        path,
      ).toBe(true);
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, kind = '', name = ''] of references) expect(document.components[kind]?.[name], name).toBeDefined();
    expect(document.components.securitySchemes?.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/api' }] });
  });

  it('has what the README of the server tells of, and nothing else (DOC-04)', () => {
    const first = Object.keys(document.paths).map((path) => `/${String(path.split('/')[1])}`);
    const rows = tableIn(sectionOf('examples/reference-server/README.md', 'API'));
    expect(rows.flatMap(([cell = '']) => codesIn(cell)).sort()).toEqual([...new Set(first)].sort());
  });

  it('is what `npm run docs:generate` writes (API-10)', () => {
    const { scripts } = JSON.parse(readFileSync(join(REFERENCE_SERVER, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const file = join(folder, 'docs/openapi.json');
    const [node = '', ...words] = (scripts['docs:generate'] ?? '').split(' ');
    expect(node).toBe('node');
    const said = execFileSync(process.execPath, [...words, file], {
      cwd: REFERENCE_SERVER,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ENV_FILE: '/nonexistent/.env', ...env },
    });
    expect(said).toBe(`wrote ${file}\n`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(document);
  });
});
