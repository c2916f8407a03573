import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentExample, environmentTable } from 'express-runbook';
import { ROOT } from './source-files.js';

interface Reference {
  readonly pages: readonly { readonly path: string; readonly text: string; readonly filled: string }[];
  readonly shown: readonly string[];
  readonly optionNames: readonly string[];
  filled(text: string, page: string): string;
}

// A program of JavaScript, which has no types.
const { createReference } = (await import(join(ROOT, '.ci/options-tables.mjs'))) as {
  createReference: (root: string) => Reference;
};

/** When one differs: `npm run generate`. */
describe('the generated files', () => {
  it.each([
    ['examples/reference-server/.env.example', environmentExample],
    ['docs/configuration.md', environmentTable],
  ])('%s is what the table of variables says (CFG-46)', (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text());
  });
});

describe('the pages of the reference', () => {
  const reference = createReference(ROOT);
  const table = (name: string): string => reference.filled(`<!-- options: ${name} -->\n<!-- end -->`, '');

  it.each(reference.pages)('$path has options and code as they are now', ({ text, filled }) => {
    expect(text).toBe(filled);
  });

  it('have a table of all options that a user can pass', () => {
    expect(reference.optionNames.length).toBeGreaterThan(60);
    expect(reference.optionNames.filter((name) => !reference.shown.includes(name))).toEqual([]);
  });

  it('refuse a table of what users cannot import', () => {
    expect(() => table('HealthSettings')).toThrow('HealthSettings is exported by no entry of the package');
  });

  it('say type, default and effect as a user would write them', () => {
    expect(table('HealthOptions')).toContain(
      "\n| `format` | `'details' \\| 'checks' \\| 'words' \\| 'flat'` | `'details'` | Shape and words of the body of `/health`. |\n",
    );
    expect(table('RateLimiterOptions')).toContain("| `key` | `'address' \\| 'user' \\| 'client' \\| ((req: Incoming");
    expect(table('HealthOptions')).toContain('| `checks` | `HealthCheck[]` | `[]` |');
    expect(table('ErrorHandlerOptions')).toContain('| `logger` | `Logger` | **required** |');
    expect(table('MetricsServerOptions')).toContain('\n\nAlso the options of [`MetricsRouterOptions`](metrics.md).\n');
  });
});
