import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './source-files.js';

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

const BUILT = [
  // An entry, and what its formats share; types only after a build with types.
  /^dist\/[a-z]+(?:-notify)?\.(?:js|cjs|d\.ts|d\.cts)$/,
  /^dist\/chunk-[A-Z0-9]{8}\.(?:js|cjs)$/,
  // What is imported when the first page of the ops console is asked for.
  /^dist\/page-assets-[A-Z0-9]{8}\.(?:js|cjs)$/,
  /^dist\/[a-z-]+-[\w-]{8}\.(?:d\.ts|d\.cts)$/,
];

describe('the packed tarball', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const paths = (JSON.parse(stdout) as [Packed])[0].files.map(({ path }) => path);

  it('holds the build, and no sources, maps, tests or examples', () => {
    const others = paths.filter((path) => !BUILT.some((pattern) => pattern.test(path)));
    expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
    expect(paths).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/index.cjs', 'dist/cli.js', 'dist/slack-notify.js']),
    );
    // Started by its name, never required.
    expect(paths).not.toContain('dist/cli.cjs');
    expect(paths).not.toContain('dist/slack-notify.cjs');
  });

  it('has code of ASCII alone: of any other text V8 would keep two bytes for each character (P12)', () => {
    const code = paths.filter((path) => /\.c?js$/.test(path));
    expect(code.filter((path) => !/^\p{ASCII}*$/u.test(readFileSync(join(ROOT, path), 'latin1')))).toEqual([]);
  });

  it('has no ES import of node:http, which since Node 22 would load undici with it (P12)', () => {
    const modules = paths.filter((path) => path.endsWith('.js'));
    expect(
      modules.filter((path) => /from ['"](?:node:)?http['"]/.test(readFileSync(join(ROOT, path), 'utf8'))),
    ).toEqual([]);
    expect(modules.length).toBeGreaterThan(8);
  });
});
