import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './source-files.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface TypeDocOptions {
  readonly entryPoints: readonly string[];
  readonly out: string;
  readonly treatWarningsAsErrors: boolean;
}

describe('the API documentation', () => {
  const options = JSON.parse(read('typedoc.json')) as TypeDocOptions;

  it('is about the entries that package.json exports, and about nothing else', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: Record<string, unknown> };
    const entries = Object.keys(exports).filter((entry) => entry !== './package.json');
    expect(options.entryPoints).toEqual(entries.map((entry) => join('src', entry, 'index.ts')));
    expect(options.treatWarningsAsErrors).toBe(true);
  });

  it('is written where nobody looks for sources', () => {
    expect(read('.gitignore')).toContain(`/${options.out}/\n`);
    expect(read('.prettierignore')).toContain(`${options.out}\n`);
    expect(read('eslint.config.js')).toContain(`'${options.out}/**'`);
  });
});
