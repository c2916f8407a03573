import { expect, it } from 'vitest';
import { CONFORMANCE_CHECKS, CONFORMANCE_DEFAULTS } from 'express-runbook/testing';
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
