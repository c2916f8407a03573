import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';
import { SECTIONS, type Section } from './sections.js';

const TOTAL = 267;

const numbersOf = ({ variants }: Section): number[] => [...new Set(variants.map(({ id }) => id))].sort((a, b) => a - b);
const waiting = ({ variants }: Section): number[] => [
  ...new Set(variants.filter(({ waitsFor }) => waitsFor !== undefined).map(({ id }) => id)),
];

const isRun = (list: unknown): boolean =>
  Array.isArray(list) && list.some((one) => (one as { waitsFor?: number }).waitsFor === undefined);

describe('the corpus of hostile inputs', () => {
  it('has each number from 1 to 267 in one section, and none is missing or double', () => {
    const numbers = SECTIONS.flatMap(numbersOf);
    expect(numbers).toEqual(Array.from({ length: TOTAL }, (_, index) => index + 1));
    for (const { from, to, name } of SECTIONS) expect(to, name).toBeGreaterThanOrEqual(from);
  });

  it('says how many run and how many wait, and for which issue: a piece that is built takes its inputs with it', () => {
    const table = SECTIONS.map((one) => [one.name, numbersOf(one).length, waiting(one).length]);
    expect(table).toEqual([
      ['headers and framing', 41, 0],
      ['ids and tracing', 24, 0],
      ['request lines and URLs', 27, 0],
      ['JSON bodies', 30, 0],
      ['wrong types', 8, 0],
      ['log objects', 36, 0],
      ['environment', 24, 0],
      ['addresses of sinks', 24, 0],
      ['names, schedules, command line, generators', 41, 0],
      ['credentials', 12, 0],
    ]);
    const issues = new Map<number, Set<number>>();
    for (const { id, waitsFor } of SECTIONS.flatMap(({ variants }) => variants))
      if (waitsFor !== undefined) issues.set(waitsFor, (issues.get(waitsFor) ?? new Set()).add(id));
    expect([...issues]).toEqual([]);
  });

  it('has no number of which a part runs and a part waits', () => {
    for (const one of SECTIONS) {
      const waits = new Set(waiting(one));
      const mixed = one.variants.filter(({ id, waitsFor }) => waitsFor === undefined && waits.has(id));
      expect(mixed, one.name).toEqual([]);
    }
  });

  it('is run wholly: each list of it stands in a test that goes through it, unless it waits', async () => {
    const text = SECTIONS.flatMap(({ tests }) => tests)
      .map((test) => join(ROOT, 'test', `${test}.test.ts`))
      .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : `${path} is missing`))
      .join('\n');
    expect(text).not.toContain('is missing');
    const files = readdirSync(join(ROOT, 'test/corpus')).filter(
      (file) => !/^(?:sections|corpus\.test)\.ts$/.test(file),
    );
    for (const file of files) {
      const lists = Object.entries((await import(join(ROOT, 'test/corpus', file))) as Record<string, unknown>).filter(
        ([, list]) => isRun(list),
      );
      for (const [name] of lists) expect(text, `${file}: ${name}`).toContain(name);
    }
  });
});
