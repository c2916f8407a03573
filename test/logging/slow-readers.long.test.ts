import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileLines, newFolder, parsed, type Line } from './recorded.js';

const PROCESS = fileURLToPath(new URL('fixtures/stalled-process.mjs', import.meta.url));
const LINES = 800;
const ENDINGS = ['exit', 'uncaught', 'rejection', 'SIGTERM', 'SIGKILL'];

interface Run {
  readonly child: ChildProcess;
  /** Reads what is there, in pieces and with pauses between them. */
  readSlowly(pauseMs: number): Promise<string>;
  /** What it said of itself, once it has ended. */
  told(): Promise<Line[]>;
}

function run(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [PROCESS, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'exit');
  // Without it Node reads and forgets what is left when the child ends.
  child.stdout.on('readable', () => undefined);
  return {
    child,
    async readSlowly(pauseMs) {
      const chunks: Buffer[] = [];
      for await (const chunk of child.stdout) {
        chunks.push(chunk as Buffer);
        await wait(pauseMs);
      }
      return Buffer.concat(chunks).toString();
    },
    async told() {
      await ended;
      return parsed(
        errors
          .split('\n')
          .filter((line) => line.startsWith('{'))
          .join('\n'),
      );
    },
  };
}

describe('the last line of a process', () => {
  it(
    'is in the file and with a slow reader of a pipe after crash, signal and exit: 20 runs of 20 (S8, F27, LOG-56)',
    { timeout: 240_000 },
    async () => {
      const runs = Array.from({ length: 20 }, (_, index) => ENDINGS[index % ENDINGS.length] ?? '');
      const found: unknown[] = [];
      // Four at a time: they are slow because they wait.
      for (let first = 0; first < runs.length; first += 4) {
        const batch = runs.slice(first, first + 4).map(async (ending) => {
          const dir = newFolder();
          const piped = parsed(await run('drop', String(LINES), ending, dir).readSlowly(2));
          const filed = fileLines(dir, 'app.log');
          const errors = fileLines(dir, 'error.log').map((line) => line.msg);
          return [ending, piped.length, piped.at(-1)?.msg, filed.length, filed.at(-1)?.msg, ...errors];
        });
        found.push(...(await Promise.all(batch)));
      }
      expect(found).toEqual(runs.map((ending) => [ending, LINES + 1, 'last', LINES + 1, 'last', 'last']));
    },
  );
});

describe('a reader that has stopped reading', () => {
  it('costs a second, then lines, which are counted, and no more of the time (F24, S18)', async () => {
    const stalled = run('drop', '8000', 'close');
    const [atEnd, afterClose] = await stalled.told();
    expect(atEnd?.longestMs).toBeLessThan(2_000);
    expect(atEnd?.dropped).toBeGreaterThan(0);
    const read = parsed(wholeLines(await stalled.readSlowly(0)));
    // The pipe keeps what it took; a line that it took in part is none.
    expect(read.length + Number(afterClose?.dropped)).toBeGreaterThanOrEqual(8_000);
    expect(read.length).toBeLessThan(8_000 - Number(atEnd?.dropped));
  });

  it('has every line when it reads again before too many are held', async () => {
    const stalled = run('drop', '2000', 'close');
    await wait(1_300);
    expect(parsed(await stalled.readSlowly(0))).toHaveLength(2_001);
    expect((await stalled.told()).at(-1)).toEqual({ dropped: 0 });
  });

  it('is waited for, however long it takes, when no line may be lost', async () => {
    const stalled = run('wait', '2000', 'SIGKILL');
    await wait(1_500);
    expect(stalled.child.signalCode).toBeNull();
    expect(parsed(await stalled.readSlowly(0))).toHaveLength(2_001);
    expect((await stalled.told())[0]?.dropped).toBe(0);
  });
});

function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}
