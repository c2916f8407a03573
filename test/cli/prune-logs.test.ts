import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, expiredLogFiles } from 'express-runbook';
import type { Called } from './call.js';
import { cli } from './cli.js';

const DAY_MS = 86_400_000;
/** Days since the last line of each. */
const KEPT = {
  ...{ 'app.log': 400, 'combined.log': 400, 'access.log': 400, 'error.log': 400, 'audit/audit.jsonl': 4000 },
  ...{ 'combined.log.2.gz': 29, 'access.log-20261024': 29, 'error.log.40.gz': 89, 'audit/audit.jsonl.6.gz': 2550 },
  ...{ 'notes.txt': 4000, 'app.logbook': 4000 },
};
/** Oldest first. */
const EXPIRED = {
  ...{ 'audit/audit.jsonl.8.gz': 2560, 'error.log.91.gz': 92 },
  ...{ 'combined.log.31.gz': 33, 'access.log-20261020': 32, 'app.log.3.gz': 31 },
};

let dir: string;
let audit: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'prune-logs-'));
  audit = join(dir, 'audit');
  mkdirSync(audit);
  for (const [name, days] of Object.entries({ ...KEPT, ...EXPIRED })) {
    writeFileSync(join(dir, name), `${name}\n`);
    const then = new Date(Date.now() - days * DAY_MS);
    utimesSync(join(dir, name), then, then);
  }
  symlinkSync('app.log.3.gz', join(dir, 'app.log.9'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const there = (): string[] =>
  readdirSync(dir, { recursive: true })
    .map(String)
    .filter((name) => name !== 'audit' && name !== 'app.log.9')
    .sort();
const pruneLogs = (...args: string[]): Promise<Called> =>
  cli(['prune-logs', '--dotenv', '/nonexistent/.env', ...args], {
    env: { LOG_DIR: dir, LOG_APP_FILE: 'combined.log', PATH: process.env.PATH ?? '' },
  });
const all = Object.keys({ ...KEPT, ...EXPIRED }).sort();
const expiredPaths = (): string[] => Object.keys(EXPIRED).map((name) => join(dir, name));

describe('prune-logs', () => {
  it('hands expired logs to an archive before they go, and keeps all of them when that fails (BKP-21, LOG-76, X-25)', async () => {
    expect(await pruneLogs('--archive-with', 'false')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: false has not taken them (1): all log files stay\n',
    });
    expect(await pruneLogs('--archive-with', '/no/such/program')).toMatchObject({ exitCode: 1, stdout: '' });
    expect(there()).toEqual(all);
    const script = join(dir, 'archive');
    writeFileSync(
      script,
      `#!/bin/sh\nfor file; do test -s "$file" || exit 1; printf '%s\\n' "$file"; done > ${dir}/list\n`,
      {
        mode: 0o755,
      },
    );
    const done = await pruneLogs('--archive-with', script);
    expect(done).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: expiredPaths()
        .map((path) => `removed ${path}\n`)
        .join(''),
    });
    expect(readFileSync(join(dir, 'list'), 'utf8')).toBe(
      expiredPaths()
        .map((path) => `${path}\n`)
        .join(''),
    );
    expect(there().filter((name) => name !== 'archive' && name !== 'list')).toEqual(Object.keys(KEPT).sort());
    expect(await pruneLogs()).toMatchObject({ exitCode: 0, stdout: 'no log file has had its time\n' });
  });

  it('removes nothing younger that rotation has put in the place of a file while all were archived (BKP-21)', async () => {
    const script = join(dir, 'archive');
    const [replaced, gone] = [join(dir, 'app.log.3.gz'), join(dir, 'error.log.91.gz')];
    writeFileSync(script, `#!/bin/sh\necho young > '${replaced}'\nrm '${gone}'\n`, { mode: 0o755 });
    const { exitCode, stdout, stderr } = await pruneLogs('--archive-with', script);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const removed = expiredPaths().filter((path) => path !== replaced && path !== gone);
    expect(stdout).toBe(removed.map((path) => `removed ${path}\n`).join(''));
    expect(readFileSync(replaced, 'utf8')).toBe('young\n');
  });

  it('only says with --dry-run what would go, and keeps for other times when told (LOG-75, LOG-76)', async () => {
    const dry = await pruneLogs('--dry-run', '--json');
    expect(JSON.parse(dry.stdout)).toEqual({ removed: expiredPaths() });
    expect(there()).toEqual(all);
    const longer = ['--app-days', '60', '--error-days', '200', '--audit-days', '3000'];
    expect((await pruneLogs(...longer)).stdout).toBe('no log file has had its time\n');
    expect((await pruneLogs('--app-days', '7', '--dry-run')).stdout).toContain(`${join(dir, 'access.log-20261024')}\n`);
  });

  it('says what it cannot do: no folder, no such number, a folder that it may not read', async () => {
    const nowhere = await cli(['prune-logs', '--dotenv', '/nonexistent/.env']);
    expect(nowhere).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('LOG_DIR is not set') as string });
    expect(await pruneLogs('--app-days', '0')).toMatchObject({ exitCode: 2 });
    expect(await pruneLogs('--dir', join(dir, 'app.log'))).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: cannot read the folder ${join(dir, 'app.log')} (ENOTDIR)\n`,
    });
    expect(await pruneLogs('--dir', join(dir, 'away'))).toMatchObject({ exitCode: 0 });
  });
});

describe('expiredLogFiles', () => {
  it('takes the audit log from a folder of its own, and refuses a misspelt option by name', async () => {
    const found = await expiredLogFiles({ dir: '/nonexistent', auditDir: audit, auditDays: 2555 }, Date.now());
    expect(found).toEqual([{ path: join(audit, 'audit.jsonl.8.gz'), lastWrittenAt: expect.any(String) as string }]);
    await expect(expiredLogFiles({ dir, appDay: 3 } as never, Date.now())).rejects.toThrow(ConfigError);
  });
});
