import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, sourceFiles } from './source-files.js';

interface Manifest {
  readonly exports: Record<string, string | Record<string, Record<string, string>>>;
  readonly typesVersions: { readonly '*': Record<string, readonly string[]> };
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const tsup = readFileSync(join(ROOT, 'tsup.config.ts'), 'utf8');
const entries = [...tsup.matchAll(/(\w+): 'src\/(?:\w+\/)?index\.ts'/g)].map((match) => match[1] ?? '');

describe('package.json', () => {
  it('exports exactly the entries that are built, for import and require, with their own types', () => {
    const expected = Object.fromEntries(
      entries.map((entry) => [
        entry === 'index' ? '.' : `./${entry}`,
        {
          import: { types: `./dist/${entry}.d.ts`, default: `./dist/${entry}.js` },
          require: { types: `./dist/${entry}.d.cts`, default: `./dist/${entry}.cjs` },
        },
      ]),
    );
    expect(entries.length).toBeGreaterThan(1);
    expect(manifest.exports).toEqual({ ...expected, './package.json': './package.json' });
  });

  it('gives old resolvers the types of every sub-entry', () => {
    const subEntries = entries.filter((entry) => entry !== 'index');
    expect(manifest.typesVersions['*']).toEqual(
      Object.fromEntries(subEntries.map((entry) => [entry, [`./dist/${entry}.d.ts`]])),
    );
  });

  it('declares what src imports, and nothing else', () => {
    const bundled = ['uuid', 'jose', 'uplot'];
    const used = new Set(
      sourceFiles('src')
        .flatMap((file) => file.imports)
        .filter((specifier) => !specifier.startsWith('src/') && !specifier.startsWith('node:')),
    );
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    // pino-pretty is loaded by name, when a terminal asks for it.
    const lazy = ['pino-pretty'];
    expect([...used].filter((name) => !bundled.includes(name) && !(name in declared))).toEqual([]);
    expect(Object.keys(declared).filter((name) => !used.has(name) && !lazy.includes(name))).toEqual([]);
  });
});
