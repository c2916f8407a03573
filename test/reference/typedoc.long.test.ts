import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';

it('npm run docs:generate writes a page per entry, without a single warning', () => {
  const out = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'docs:generate', '--', '--out', out], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(`${stdout}${stderr}`).not.toMatch(/warning|error/i);
    expect(status).toBe(0);
    for (const page of ['index.html', 'interfaces/index.OpsOptions.html', 'functions/postgres.createPool.html'])
      expect(existsSync(join(out, page)), page).toBe(true);
    expect(readFileSync(join(out, 'functions/index.createOps.html'), 'utf8')).toContain('Wires every piece');
  } finally {
    rmSync(out, { recursive: true });
  }
});
