import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentExample, environmentTable } from 'express-runbook';
import { ROOT } from './source-files.js';

/** When one differs: `npm run generate`. */
describe('the generated files', () => {
  it.each([
    ['examples/reference-server/.env.example', environmentExample],
    ['docs/configuration.md', environmentTable],
  ])('%s is what the table of variables says (CFG-46)', (path, text) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text());
  });
});
