import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';
import { LIST, mayStayOut } from './not-run.js';
import { readPage } from './page.js';
import { count } from './places-of-lines.js';
import { BEO_AUTOMATION } from './printed/beo-automation.js';
import { BOOKY } from './printed/booky.js';
import { BUILDER_API } from './printed/builder-api.js';
import { CODEBOOK } from './printed/codebook.js';
import { ORDO_TODO } from './printed/ordo-todo.js';

const PRINTED: Readonly<Record<string, readonly string[]>> = {
  'builder-api': BUILDER_API,
  codebook: CODEBOOK,
  'ordo-todo': ORDO_TODO,
  booky: BOOKY,
  'beo-automation': BEO_AUTOMATION,
};
const WORDS = new Set(['exit', 'stays', 'asks', 'serves', 'beside', 'alone', 'terminal', 'not-run']);
const SCRIPTS = [
  ...['build', 'dev', 'dev:debug', 'dev:inspect', 'start', 'start:dev', 'start:prod', 'test', 'test:coverage', 'lint'],
  ...['migration:generate', 'migration:create', 'migration:run', 'migration:revert', 'migration:show', 'seed'],
  ...['db:console', 'db:ping', 'db:check', 'logs', 'logs:follow', 'logs:production', 'profile'],
  ...['deploy:staging', 'deploy:production', 'docs:generate'],
];
const FOLDER = join(ROOT, 'docs/runbooks');

describe.each(Object.keys(PRINTED))('the runbook %s', (service) => {
  const page = readPage(service);
  const counted = count(PRINTED[service] ?? [], page);

  it('has a place for every line of the guide, run as it is, in another form, or told why not (DOC-09)', () => {
    expect(counted.missing).toEqual([]);
  });

  it('is run for the most part: at least 70 % of the lines', () => {
    expect((counted.run + counted.replaced) / counted.lines).toBeGreaterThanOrEqual(0.7);
  });

  it('leaves out only what the closed list has', () => {
    const out = page.blocks.filter(({ words }) => words.has('not-run'));
    const wrong = out.flatMap(({ commands, words }) => {
      const entry = LIST[words.get('not-run') ?? ''];
      return commands.filter((command) => entry === undefined || !mayStayOut(command, entry));
    });
    expect(wrong).toEqual([]);
  });

  it('uses the words that docs/runbooks/README.md explains, and is counted there', () => {
    const words = page.blocks.flatMap((block) => [...block.words.keys()]);
    expect(words.filter((word) => !WORDS.has(word))).toEqual([]);
    const { lines, run, replaced, notRun } = counted;
    expect(readme()).toMatch(
      new RegExp(`\\]\\(${service}\\.md\\).*\\| ${[lines, run, replaced, notRun].join(' \\| ')} \\|`),
    );
  });

  it('begins with its contents: each of them is a heading, and each heading is there', () => {
    const prose = readFileSync(join(ROOT, page.path), 'utf8').replaceAll(/^```[^]*?^```$/gm, '');
    const [before = ''] = prose.split('\n## ');
    const contents = [...before.matchAll(/\[([^\]]+)\]\(#([^)]+)\)/g)].map(([, title, anchor]) => [title, anchor]);
    const headings = [...prose.matchAll(/^## (.*)$/gm)].map(([, title = '']) => [title, anchorOf(title)]);
    expect(contents).toEqual(headings);
  });

  it('has tests that run it', () => {
    const file = join(ROOT, `test/runbooks/${service}.long.test.ts`);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(`play('${service}'`);
  });
});

it('every page of docs/runbooks is counted, and every word explained', () => {
  const pages = readdirSync(FOLDER).filter((name) => name.endsWith('.md') && name !== 'README.md');
  expect(pages.map((name) => name.replace('.md', '')).sort()).toEqual(Object.keys(PRINTED).sort());
  expect([...WORDS].filter((word) => !readme().includes(`\`${word}`))).toEqual([]);
});

it('the scripts that the guides call are there (CLI-01 to CLI-09)', () => {
  const text = readFileSync(join(ROOT, 'examples/reference-server/package.json'), 'utf8');
  const { scripts } = JSON.parse(text) as { scripts: Record<string, string> };
  expect(SCRIPTS.filter((name) => scripts[name] === undefined)).toEqual([]);
});

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function readme(): string {
  return readFileSync(join(FOLDER, 'README.md'), 'utf8');
}
