import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';
import { SECTIONS, type Section } from './sections.js';

const TOTAL = 267;

const numbersOf = ({ variants }: Section): number[] => [...new Set(variants.map(({ id }) => id))].sort((a, b) => a - b);

describe('the corpus of hostile inputs', () => {
  it('has each number from 1 to 267 in one section, and none is missing or double', () => {
    const numbers = SECTIONS.flatMap(numbersOf);
    expect(numbers).toEqual(Array.from({ length: TOTAL }, (_, index) => index + 1));
    for (const { from, to, name } of SECTIONS) expect(to, name).toBeGreaterThanOrEqual(from);
  });

  it('has so many in each section', () => {
    expect(SECTIONS.map((one) => [one.name, numbersOf(one).length])).toEqual([
      ['headers and framing', 41],
      ['ids and tracing', 24],
      ['request lines and URLs', 27],
      ['JSON bodies', 30],
      ['wrong types', 8],
      ['log objects', 36],
      ['environment', 24],
      ['addresses of sinks', 24],
      ['names, schedules, command line, generators', 41],
      ['credentials', 12],
    ]);
  });

  it('is run wholly: each list of it stands in a test that goes through it', async () => {
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
        ([, list]) => Array.isArray(list) && list.length > 0,
      );
      for (const [name] of lists) expect(text, `${file}: ${name}`).toContain(name);
    }
  });
});
