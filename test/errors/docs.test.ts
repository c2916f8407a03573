import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { APP_ERROR_CODES } from 'express-runbook';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The codes that open a row of a table under this heading, with the status where the table has one. */
function documented(heading: string): string[] {
  const section = read('docs/errors.md')
    .split(/^## /m)
    .find((part) => part.startsWith(heading));
  return [...(section ?? '').matchAll(/^\| `(ERR_\w+)` +\|(?: (\d{3}) +\|)?/gm)].map(([, code, status]) =>
    status === undefined ? String(code) : `${status} ${String(code)}`,
  );
}

describe('docs/errors.md', () => {
  it('lists every code of ConfigError and no other', () => {
    const codes = [...read('src/core/config-error.ts').matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(documented('Wrong settings').sort()).toEqual([...new Set(codes)].sort());
  });

  it('lists every code of the pool, its pages and the migrator and no other', () => {
    const sources = ['pool/pool-error', 'pagination/page-error', 'migrations/migration-error'].map(
      (file) => `src/postgres/${file}.ts`,
    );
    const codes = sources.flatMap((path) => [...read(path).matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code));
    expect(codes.length).toBeGreaterThan(0);
    expect(documented('Errors of the database').sort()).toEqual([...new Set(codes)].sort());
  });

  it('lists every code of calls to other services, with its status, and no other', () => {
    const kinds = read('src/services/service-error.ts').matchAll(/(ERR_\w+): \{ statusCode: (\d{3})/g);
    const quota = read('src/services/usage/quota-error.ts');
    const codes = [...kinds].map(([, code, status]) => `${String(status)} ${String(code)}`);
    codes.push(`${String(/statusCode = (\d+)/.exec(quota)?.[1])} ${String(/'(ERR_\w+)'/.exec(quota)?.[1])}`);
    expect(codes.length).toBeGreaterThan(5);
    expect(documented('Errors of other services')).toEqual(codes);
  });

  it('lists every code of the embedded PostgreSQL and no other', () => {
    const source = read('src/testing/embedded-postgres/embedded-postgres-error.ts');
    const codes = [...source.matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(documented('Errors of the embedded PostgreSQL').sort()).toEqual([...new Set(codes)].sort());
  });

  it('lists every code of the profiler and no other', () => {
    const codes = [...read('src/profiling/profiler-error.ts').matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(documented('Errors of the profiler')).toEqual(codes);
  });

  it('lists every code of the object store and no other', () => {
    const codes = [...read('src/storage/storage-error.ts').matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(documented('Errors of the object store')).toEqual(codes);
  });

  it('lists every code of a job and no other', () => {
    const codes = [...read('src/jobs/job-error.ts').matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(documented('Errors of jobs').sort()).toEqual([...new Set(codes)].sort());
  });

  it('lists every code of a channel of alerts and no other', () => {
    const codes = [...read('src/alerts/channels/channel-error.ts').matchAll(/'(ERR_\w+)'/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(documented('Errors of alerts')).toEqual(codes);
  });

  it('lists every code of a cache and no other', () => {
    expect(documented('Errors of caches')).toEqual([/code = '(ERR_\w+)'/.exec(read('src/cache/load.ts'))?.[1]]);
  });

  it('lists every code of the test kit and no other', () => {
    const sources = ['test-timeout-error', 'secrets/secret-found-error'].map((file) => read(`src/testing/${file}.ts`));
    const codes = sources.map((source) => /code = '(ERR_\w+)'/.exec(source)?.[1]);
    expect(documented('Errors of the test kit')).toEqual(codes);
  });

  it('lists every code of the doors that is not of a status alone', () => {
    const sources = [
      'maintenance/maintenance',
      'load-shedding/load-shedder',
      'rate-limit/rate-limiter',
      'quota/request-quota',
      'audit/audit-log',
    ];
    const codes = sources.map(
      (file) => /(?:unavailable\(|uncountedRefusal\([\w.]+, )'(ERR_\w+)'/.exec(read(`src/security/${file}.ts`))?.[1],
    );
    const expected = [...codes.map((code) => `503 ${String(code)}`), '429 ERR_QUOTA_EXCEEDED'];
    expect(documented('Refusals of the doors').sort()).toEqual(expected.sort());
  });

  it('lists every code of AppError with its status and no other', () => {
    const codes = Object.entries(APP_ERROR_CODES).map(([status, code]) => `${status} ${code}`);
    expect(documented('Errors of the service').sort()).toEqual(codes.sort());
  });

  it('leaves out no code of the sources, and none that it has is without a cause and a cure', () => {
    const sources = readdirSync(new URL('../../src', import.meta.url), { recursive: true, encoding: 'utf8' });
    const texts = sources.filter((name) => name.endsWith('.ts')).map((name) => read(`src/${name}`));
    const quoted = texts.flatMap((text) => [...text.matchAll(/'(ERR_\w*[A-Z])'/g)]);
    const own = quoted.map(([, code = '']) => code).filter((code) => !OF_OTHERS.test(code));
    const rows = [...read('docs/errors.md').matchAll(/^\| `(ERR_\w+)` +\|(.*)\|$/gm)];
    const told = new Set(rows.map(([, code]) => code));
    expect([...new Set(own)].filter((code) => !told.has(code))).toEqual([]);
    const halves = rows.filter(([, , rest = '']) => rest.split('|').some((cell) => cell.trim() === ''));
    expect(halves.map(([, code]) => code)).toEqual([]);
  });
});

// Of Node and of jose, which are told apart here and not given out.
const OF_OTHERS = /^ERR_(?:JOSE|JW[A-Z]|MODULE|PARSE|STREAM|TLS|UNKNOWN)_/;
