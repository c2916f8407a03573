import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { freePort, parseLines, REFERENCE_SERVER } from '../support/reference-server.js';

const REQUEST_ID = '550e8400-e29b-41d4-a716-446655440000';
const PATIENCE = { timeout: 40_000 };

/** As the runbook prints them, each with what it should find. */
const PRINTED = [
  [String.raw`npm run start:dev 2>&1 | grep -i "database\|connection"`, /Waiting for the database/],
  ['npm run start:dev 2>&1 | grep -i database', /Waiting for the database/],
  [`npm run start:dev 2>&1 | grep "${REQUEST_ID}"`, /Request completed/],
] as const;

/**
 * One shell line that gives the output of one server, as it comes, to all of these greps: a server for each would take a
 * while. What a grep finds is then in `found.<number>`, its status in `status.<number>`.
 */
function together(commands: readonly string[], folder: string): string {
  const parts = commands.map((command) => command.split(' | '));
  const [start = ''] = new Set(parts.map(([before = '']) => before));
  expect(parts.every(([before]) => before === start)).toBe(true);
  const pipes = parts.map((_, index) => join(folder, `pipe.${index}`));
  const greps = parts.map(([, grep = ''], index) => {
    return `(${grep} < ${pipes[index]} > ${folder}/found.${index}; echo $? > ${folder}/status.${index}) &`;
  });
  return `mkfifo ${pipes.join(' ')}; ${greps.join(' ')} ${start} | tee ${pipes.join(' ')} > /dev/null; wait`;
}

it('npm run start:dev has the lines that the runbook looks for in its output while the database is away (HLT-40, COR-07)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'start-dev-'));
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ENV_FILE: '/nonexistent/.env', HOST: '127.0.0.1', PORT: String(port), LOG_DIR: folder };
  Object.assign(env, { DATABASE_URL: 'postgres://127.0.0.1:1/builder_api_dev' });
  const line = together(
    PRINTED.map(([command]) => command),
    folder,
  );
  const shell = spawn('sh', ['-c', line], { cwd: REFERENCE_SERVER, env, stdio: 'ignore' });
  const ended = once(shell, 'close');
  const read = (name: string): string =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
  await vi.waitFor(async () => {
    await fetch(`http://127.0.0.1:${port}/api/users`, { headers: { 'X-Request-ID': REQUEST_ID } });
    expect(read('app.log')).toContain('Waiting for the database');
  }, PATIENCE);
  process.kill(Number(parseLines(read('app.log'))[0]?.pid), 'SIGINT');
  await ended;
  PRINTED.forEach(([command, message], index) => {
    expect([command, read(`status.${index}`)]).toEqual([command, '0\n']);
    expect(read(`found.${index}`)).toMatch(message);
    // Lines and nothing else: jq may be next.
    expect(parseLines(read(`found.${index}`)).length).toBeGreaterThan(0);
  });
});
