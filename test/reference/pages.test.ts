import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMetrics, ENVIRONMENT_VARIABLES } from 'express-runbook';
import { snippetsOf } from '../guides/snippets-of.js';
import { ROOT, sourceFiles } from '../repo/source-files.js';

const FOLDER = 'docs/reference';
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const names = readdirSync(join(ROOT, FOLDER)).filter((name) => name.endsWith('.md') && name !== 'README.md');
const pages = names.map((name) => ({ name, path: `${FOLDER}/${name}`, text: read(`${FOLDER}/${name}`) }));
const tests = ['examples', 'examples-postgres.long'].map((name) => read(`test/reference/${name}.test.ts`)).join('\n');
const all = pages.map(({ text }) => text).join('\n');
const sources = sourceFiles('src')
  .filter(({ path }) => !path.startsWith('src/cli/'))
  .map(({ text }) => text)
  .join('\n');

/** What `createMetrics()` shows by itself, prom-client's own metrics included. */
const shown = await createMetrics().render();

const SECTIONS = [
  'Example',
  'Options',
  'What it does',
  'What it brings',
  'Errors',
  'What it does not do',
  'See also',
] as const;

/** Rows of "What it brings" of one kind, as far as their names are code: `| Metric | `name{label}`, `other` | … |`. */
function brought(text: string, kind: string): string[] {
  return [...text.matchAll(new RegExp(`^\\| ${kind} \\|(.*)\\|$`, 'gm'))].flatMap(([, rest = '']) =>
    [...rest.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace(/\{.*$/, '')),
  );
}

describe.each(pages)('$path', ({ name, path, text }) => {
  it('has the sections of the template, in their order', () => {
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
    expect(headings.filter((heading) => heading !== 'What it returns')).toEqual(SECTIONS);
    expect(text).toMatch(/^# .+\n\n[^\n]+\.\n\nFrom `express-runbook/);
  });

  it('shows one example, which a test runs', () => {
    const [snippet, ...more] = snippetsOf(path, 'ts');
    expect(more).toEqual([]);
    expect(snippet?.path).toBe(`test/reference/examples/${name.replace('.md', '.ts')}`);
    expect(tests).toContain(`import('./examples/${name.replace('.md', '.js')}')`);
  });

  it('is short beside its tables and its code', () => {
    const prose = text.replace(/^<!-- (?:options|members)[^]*?<!-- end -->$/gm, '').replace(/^```[^]*?^```$/gm, '');
    expect(prose.split('\n').length).toBeLessThanOrEqual(120);
  });

  it('says of every option what it does', () => {
    expect([...text.matchAll(/^\| `\w+` \| `.+` \| .* \| {2}\|$/gm)].map(([row]) => row)).toEqual([]);
  });

  it('links to headings that there are', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)#([\w-]+)\)/g)].map(([, file = '', anchor = '']) => ({
      file,
      anchor,
    }));
    const isBroken = ({ file, anchor }: { file: string; anchor: string }): boolean => {
      const headings = [...read(join(FOLDER, file)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slugOf(heading));
      return !headings.includes(anchor);
    };
    expect(links.filter(isBroken)).toEqual([]);
  });

  it('names variables, metrics and lines that there are', () => {
    const variables = new Set<string>(ENVIRONMENT_VARIABLES.flatMap(({ name: own, aliases }) => [own, ...aliases]));
    const isConstant = (word: string): boolean => /^[A-Z][A-Z0-9_]+$/.test(word);
    expect(brought(text, 'Variable').filter((word) => isConstant(word) && !variables.has(word))).toEqual([]);
    const isMetric = (word: string): boolean => /^[a-z]+(?:_[a-z]+)+$/.test(word);
    const metrics = brought(text, 'Metric').filter(isMetric);
    expect(metrics.filter((word) => !LABELS.has(word) && !sources.includes(word) && !shown.includes(word))).toEqual([]);
    const parts = linesOf(text).flatMap((line) => line.split('…').map((part) => part.trim()));
    expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
  });
});

/** As GitHub makes it. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}

/** Words in the rows of metrics that are labels or their values. */
const LABELS = new Set(['client_id', 'in_doubt']);
/** Put together where they are written. */
const COMPOSED = new Set(['CPU profile written', 'Heap snapshot written']);

/** The texts of lines; what has no space is the name of a field. */
function linesOf(text: string): string[] {
  return brought(text, 'Log').filter((word) => word.includes(' ') && !COMPOSED.has(word));
}

describe('the reference', () => {
  it('leads to every page once, and to no other', () => {
    const linked = [...read(`${FOLDER}/README.md`).matchAll(/^\| \[[^\]]+\]\(([\w-]+\.md)\)/gm)].map(([, one]) => one);
    expect(linked.sort()).toEqual([...names].sort());
  });

  it('has every metric that the package makes', () => {
    const made = [...sources.matchAll(/name: '([a-z]+(?:_[a-z]+)+)',\s*help:/g)].map(([, name = '']) => name);
    expect(made.length).toBeGreaterThan(40);
    // Documented with `createMetrics()` as an example.
    expect(made.filter((name) => name !== 'orders_shipped_total' && !all.includes(`\`${name}`))).toEqual([]);
  });

  it.each([
    ['express-runbook', () => import('express-runbook')],
    ['express-runbook/alerts', () => import('express-runbook/alerts')],
    ['express-runbook/auth', () => import('express-runbook/auth')],
    ['express-runbook/cache', () => import('express-runbook/cache')],
    ['express-runbook/jobs', () => import('express-runbook/jobs')],
    ['express-runbook/postgres', () => import('express-runbook/postgres')],
    ['express-runbook/services', () => import('express-runbook/services')],
    ['express-runbook/testing', () => import('express-runbook/testing')],
  ])('names every function and class of %s', async (_entry, load) => {
    const module: Record<string, unknown> = { ...(await load()) };
    const functions = Object.keys(module).filter((name) => typeof module[name] === 'function');
    expect(functions.length).toBeGreaterThan(0);
    expect(functions.filter((name) => !new RegExp(`\`(?:new )?${name}\\b`).test(all))).toEqual([]);
  });
});
