import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliIn } from '../cli/cli.js';
import { dayOfLines, REQUEST_ID, written } from '../cli/log-lines.js';
import { ROOT } from '../repo/source-files.js';
import { requireTool } from '../support/real-tools.js';
import { snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/logs.md';
const jq = requireTool('jq');
const folder = mkdtempSync(join(tmpdir(), 'logs-guide-'));
/** Each question in the words of the runbooks, and in ours. */
const pairs = snippetsOf(PAGE, 'sh')
  .map(({ code }) => code.trim().split('\n'))
  .filter((lines) => lines.length === 2);

beforeAll(() => {
  mkdirSync(join(folder, 'logs'));
  for (const name of ['app.log', 'access.log']) writeFileSync(join(folder, 'logs', name), written(dayOfLines()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What it prints. jq goes on after a line without a URL, and ends with 5 (LOG-15). */
function inShell(command: string): string {
  const env = { PATH: process.env.PATH, REQUEST_ID };
  return spawnSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8' }).stdout;
}

/** One document to a line, or one that is all of the text; a list is its members. */
function documentsIn(text: string): unknown[] {
  const documents = /^[[{]$/m.test(text) ? [text] : text.trim().split('\n');
  return documents.flatMap((document) => JSON.parse(document) as unknown);
}

interface Report {
  readonly groups?: readonly { readonly message: string; readonly count: number }[];
  readonly endpoints?: readonly { readonly endpoint: string; readonly count: number }[];
  readonly slowest?: readonly unknown[];
  readonly queries?: readonly unknown[];
}

/** What our document says of what jq was asked for: ours says more. */
function answersIn(text: string): unknown[] {
  return documentsIn(text).flatMap((document) => {
    const { groups, endpoints, slowest, queries } = document as Report;
    return (
      slowest ??
      queries ??
      groups?.map(({ message, count }) => ({ message, count })) ??
      endpoints?.map(({ endpoint, count }) => ({ endpoint, count })) ?? [document]
    );
  });
}

function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe.skipIf(!jq.isInstalled)('the page about asking the logs', () => {
  it('has every question of the runbooks to a log', () => {
    expect(pairs).toHaveLength(27);
    expect(pairs.filter(([, ours = '']) => !ours.startsWith('express-runbook logs '))).toEqual([]);
  });

  it.each(pairs)('gives the same answer as %s', async (theirs = '', ours = '') => {
    const [, ...args] = wordsOf(ours);
    const isCount = args.includes('--count');
    const { exitCode, stdout } = await cliIn(folder, isCount ? args : [...args, '--json']);
    expect(exitCode).toBe(0);
    const expected = documentsIn(inShell(`{ ${theirs}; } | jq -c .`));
    expect(expected).not.toEqual([]);
    expect(isCount ? [Number(stdout)] : answersIn(stdout)).toEqual(expected);
  });

  it('answers the question that fails as the runbook prints it (T-01)', async () => {
    const printed = `cat logs/app.log | jq 'select(.msg | contains("Slow") or .msg | contains("Performance"))'`;
    const { status, stdout } = spawnSync('sh', ['-c', printed], { cwd: folder, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 5, stdout: '' });
    const { stdout: ours } = await cliIn(folder, ['logs', 'slow', 'logs/app.log', '--json']);
    expect(documentsIn(ours).map((line) => (line as { msg: string }).msg)).toEqual([
      'Slow database query detected',
      'Slow database query detected',
      'Slow HTTP request detected',
      'Performance of the nightly run',
    ]);
  });

  it('names every option that all commands take', async () => {
    const { stdout } = await cliIn(folder, ['logs', 'trace', '--help']);
    const options = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name = '']) => name);
    const page = readFileSync(join(ROOT, PAGE), 'utf8');
    expect(options.length).toBeGreaterThan(10);
    expect(options.filter((name) => !page.includes(`\`${name}`) && !page.includes(` ${name}`))).toEqual([]);
  });
});
