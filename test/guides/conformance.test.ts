import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CONFORMANCE_CHECKS, CONFORMANCE_DEFAULTS } from 'express-runbook/testing';
import { ROOT } from '../repo/source-files.js';
import { BROKEN } from '../testing/conformance-apps.js';
import { rowsOf, snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/conformance.md';

it('the page about conformance shows code that is run here', () => {
  const [shown, ...others] = snippetsOf(PAGE, 'ts');
  expect(others).toEqual([]);
  expect(shown).toMatchObject({ path: 'test/guides/conformance/promises.test.ts' });
  expect(shown?.code).toBe(shown?.source);
});

it('the page about conformance has every check with its promise, and every default', () => {
  const rows = rowsOf(PAGE);
  const told = [...rows].filter(([key]) => key.includes('.')).map(([id, [title]]) => ({ id, title }));
  expect(told).toEqual(CONFORMANCE_CHECKS);
  for (const [name, value] of Object.entries(CONFORMANCE_DEFAULTS)) {
    expect(rows.get(name)?.[0]).toBe(typeof value === 'string' ? `\`'${value}'\`` : `\`${value}\``);
  }
});

it('the page about conformance tells of every broken service what fails, as the tests have it', () => {
  const page = readFileSync(join(ROOT, PAGE), 'utf8');
  const ids = CONFORMANCE_CHECKS.map(({ id }) => id);
  const rows = BROKEN.map(({ what, failures }) => {
    // A pattern of a failure begins with the id of its check.
    const failing = failures.map(({ source }) => ids.find((id) => source.startsWith(`^${id.replace('.', '\\.')}`)));
    return `| ${what} | ${failing.map((id) => `\`${String(id)}\``).join(', ')} |\n`;
  });
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
