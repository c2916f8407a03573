import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { REFERENCE_SERVER } from '../support/reference-server.js';

it('npm run profile ends by itself and leaves a heap and a CPU profile of the service under load (PRC-18)', async () => {
  const { scripts } = JSON.parse(readFileSync(join(REFERENCE_SERVER, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [program, ...words] = (scripts.profile ?? '').split(' ');
  expect(program).toBe('node');
  const dir = mkdtempSync(join(tmpdir(), 'profile-run-'));
  const { stdout } = await promisify(execFile)(process.execPath, [...words, '--seconds', '1'], {
    cwd: REFERENCE_SERVER,
    env: { PATH: process.env.PATH, ENV_FILE: '/nonexistent/.env', PROFILE_DIR: dir },
  });
  const files = readdirSync(dir);
  expect(stdout.trim().split('\n').slice(1).sort()).toEqual(files.map((file) => join(dir, file)).sort());
  const profile = (extension: string) =>
    JSON.parse(readFileSync(join(dir, files.find((file) => file.endsWith(extension)) ?? 'none'), 'utf8')) as object;
  expect(profile('.heapprofile')).toHaveProperty('samples');
  expect(profile('.cpuprofile')).toHaveProperty('nodes');
  rmSync(dir, { recursive: true });
});
