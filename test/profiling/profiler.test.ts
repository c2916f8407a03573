import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProfiler } from 'express-runbook';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordingLogger } from '../support/recording-logger.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'profiler-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function burnSomeTime(ms: number): void {
  const endsAt = performance.now() + ms;
  while (performance.now() < endsAt) Math.sqrt(endsAt);
}

describe('a CPU profile', () => {
  it('names the function that burned the time, in a file that only its user may read (PRC-05)', async () => {
    const logger = recordingLogger();
    const profiler = createProfiler({ dir, cpuMs: 60, logger });
    const taking = profiler.cpu();
    await new Promise(setImmediate);
    burnSomeTime(150);
    const file = await taking;
    expect(file).toMatch(/\.cpuprofile$/);
    const { nodes } = JSON.parse(readFileSync(file, 'utf8')) as { nodes: { callFrame: { functionName: string } }[] };
    expect(nodes.map(({ callFrame }) => callFrame.functionName)).toContain('burnSomeTime');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(logger.lines).toContainEqual(expect.objectContaining({ message: 'CPU profile written' }));
  });

  it('is one file when it is asked for twice', async () => {
    const profiler = createProfiler({ dir, cpuMs: 30 });
    const files = await Promise.all([profiler.cpu(), profiler.cpu()]);
    expect(new Set(files).size).toBe(1);
    expect(readdirSync(dir)).toHaveLength(1);
  });

  it('ends early, and is written, when the profiler is closed', async () => {
    const profiler = createProfiler({ dir, cpuMs: 2 ** 31 - 1 });
    const taking = profiler.cpu();
    await profiler.close();
    expect(existsSync(await taking)).toBe(true);
    await profiler.close();
  });

  it('leaves nothing behind when its folder cannot be used', async () => {
    const file = join(dir, 'not-a-folder');
    writeFileSync(file, '');
    await expect(createProfiler({ dir: file, cpuMs: 1 }).cpu()).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(readdirSync(dir)).toEqual(['not-a-folder']);
  });
});

describe('a heap snapshot', () => {
  it('is a whole .heapsnapshot that only its user may read, in a folder made for it (PRC-18)', async () => {
    const file = await createProfiler({ dir: join(dir, 'new') }).heap();
    expect(file).toMatch(/\.heapsnapshot$/);
    const { snapshot } = JSON.parse(readFileSync(file, 'utf8')) as { snapshot: { node_count: number } };
    expect(snapshot.node_count).toBeGreaterThan(1000);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'new')).mode & 0o777).toBe(0o700);
  });

  it('is refused, with the numbers, when the memory for it is not there', async () => {
    const profiler = createProfiler({ dir, availableBytes: () => 1024 ** 2 });
    await expect(profiler.heap()).rejects.toThrow(
      expect.objectContaining({
        code: 'ERR_PROFILER_MEMORY',
        message: expect.stringMatching(/needs \d+ MB of free memory .* there are 1 MB$/) as string,
      }),
    );
    expect(readdirSync(dir)).toEqual([]);
  });
});
