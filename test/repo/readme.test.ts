import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './source-files.js';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the README', () => {
  const readme = read('README.md');

  it('shows the quick-start as it is, in no more than 15 lines', () => {
    const code = read('examples/quick-start/server.js');
    expect(readme).toContain(`<!-- examples/quick-start/server.js -->\n\n\`\`\`js\n${code}\`\`\``);
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });

  it('has the two commands on its first screen', () => {
    const firstScreen = readme.split('\n').slice(0, 40).join('\n');
    expect(firstScreen).toContain('npm ci && npm start');
    expect(firstScreen).toContain('npm ci && npm test');
    expect(read('.ci/run')).toContain('\nnpm ci && npm test ');
  });

  it.each(['README.md', 'docs/architecture.md', 'docs/errors.md', 'docs/configuration.md', 'docs/guides/security.md'])(
    '%s links to files that exist',
    (page) => {
      const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map((match) => match[1] ?? '');
      expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
    },
  );
});
