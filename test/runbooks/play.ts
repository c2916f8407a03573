import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../support/reference-server.js';
import { patternOf } from './expected.js';
import { type Block, readPage } from './page.js';
import { here } from './places.js';
import { openShell, type Running, type Shell } from './shell.js';
import { setStage, type Stage, type StageOptions } from './stage.js';

const PATIENCE = { timeout: 100_000, interval: 50 };

/**
 * Runs a page from top to bottom, as somebody who follows it would; each block is a test. `RUNBOOK_TRANSCRIPT=<file>` keeps
 * what was typed and what came, for whoever writes a page.
 */
export function play(service: string, options: StageOptions): void {
  const { path, blocks } = readPage(service);
  const run = blocks.filter(({ words }) => !words.has('not-run'));
  let stage: Stage;
  let shell: Shell;
  let serving: Running | undefined;
  const beside: Running[] = [];

  beforeAll(async () => {
    stage = await setStage(options);
    shell = openShell(stage);
  }, 400_000);
  afterAll(async () => {
    for (const running of [...beside, ...(serving === undefined ? [] : [serving])]) await running.stop();
    shell.close();
    await stage.remove();
  }, 60_000);

  describe(path, () => {
    it.each(run.map((block) => ({ block, title: `line ${block.at}: ${block.commands[0] ?? ''}` })))(
      '$title',
      { timeout: 120_000 },
      async ({ block }) => {
        if (block.words.has('alone') || block.words.has('serves')) {
          await serving?.stop();
          serving = undefined;
        }
        if (block.words.has('serves')) serving = await serves(block);
        else if (block.words.has('beside')) beside.push(await goesOn(block));
        else if (block.words.has('stays')) await stays(block);
        else await ends(block);
      },
    );
  });

  /** Each command has to end well; the last one with the exit code that the page tells. */
  async function ends({ commands, words, prints, language }: Block): Promise<void> {
    let printed = '';
    // SQL is what is typed into one psql.
    const lines =
      language === 'sql' ? [`psql -X -v ON_ERROR_STOP=1 $DATABASE_URL <<'END'\n${commands.join('\n')}\nEND`] : commands;
    for (const [at, command] of lines.entries()) {
      const { status, output } = await shell.run(here(command, stage.places));
      printed += output;
      record(command, output);
      const wanted = at === lines.length - 1 ? Number(words.get('exit') ?? 0) : 0;
      if (!Number.isNaN(wanted)) expect(status, `${command} printed ${output}`).toBe(wanted);
    }
    if (prints === undefined) expect(printed, 'the page does not say what it prints').toBe('');
    else expect(printed).toMatch(patternOf(prints));
  }

  /** Until it has printed what the page says, or for a request that it is to see; then Ctrl-C. */
  async function stays({ commands: [command = ''], words, prints = '' }: Block): Promise<void> {
    const port = await freePort();
    const own = { PORT: String(port), LOG_DIR: `${stage.places.machine}/logs`, JOBS_CONCURRENCY: '0' };
    const typed = words.has('terminal')
      ? `TERM=xterm script -qec 'stty rows 40 cols 120; ${command}' /dev/null`
      : command;
    const running = await shell.start(here(typed, stage.places), own);
    try {
      await vi.waitFor(async () => {
        const asks = words.get('asks');
        if (asks !== undefined) await ask(port, asks);
        expect(running.output()).toMatch(patternOf(prints));
      }, PATIENCE);
    } finally {
      // What stands between does not pass Ctrl-C on to a program on a terminal.
      await running.stop(words.has('terminal') ? 'SIGTERM' : 'SIGINT');
      record(command, running.output());
    }
  }

  async function serves(block: Block): Promise<Running> {
    const running = await goesOn(block);
    // A machine that is busy may be late with the first connection to the database.
    await vi.waitFor(async () => expect(await ask(stage.places.port, '/health/ready')).toBe(200), PATIENCE);
    return running;
  }

  /** Until the end of the page, or until it is stopped. */
  async function goesOn({ commands: [command = ''], prints = '' }: Block): Promise<Running> {
    const running = await shell.start(here(command, stage.places), {});
    await vi.waitFor(() => expect(running.output()).toMatch(patternOf(prints)), PATIENCE);
    record(command, running.output());
    return running;
  }
}

const REQUEST_ID = '550e8400-e29b-41d4-a716-446655440000';
const CORRELATION_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

async function ask(port: number, path: string): Promise<number> {
  const headers = { 'X-Request-ID': REQUEST_ID, 'X-Correlation-ID': CORRELATION_ID };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  await answer.text();
  return answer.status;
}

function record(command: string, output: string): void {
  const { RUNBOOK_TRANSCRIPT: file } = process.env;
  if (file !== undefined) appendFileSync(file, `\n### ${command}\n${output}`);
}
