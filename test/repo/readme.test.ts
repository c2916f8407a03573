import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);

  it.each(['README.md', ...pages])('%s links to files that exist', (page) => {
    const prose = read(page).replaceAll(/^```[^]*?^```$/gm, '');
    const links = [...prose.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
  });
});
