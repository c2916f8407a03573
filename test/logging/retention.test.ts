import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { newFolder, parsed, recorded } from './recorded.js';

const PAGE = readFileSync(new URL('../../docs/log-files.md', import.meta.url), 'utf8');
const DAY_MS = 86_400_000;
const logrotate = requireTool('logrotate');

/** A code block of the page, for a folder of ours instead of the documented one. */
function block(language: string, heading: string, dir: string): string {
  const section = PAGE.split(`\n## ${heading}\n`)[1] ?? '';
  const code = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(section)?.[1] ?? '';
  return code.replaceAll('/var/log/builder-api', dir);
}

function folder(ages: Readonly<Record<string, number>>): string {
  const dir = newFolder();
  mkdirSync(join(dir, 'audit'));
  for (const [name, days] of Object.entries(ages)) {
    writeFileSync(join(dir, name), '{}\n');
    const then = new Date(Date.now() - days * DAY_MS);
    utimesSync(join(dir, name), then, then);
  }
  return dir;
}

describe('docs/log-files.md', () => {
  it('deletes rotated files after 30 days, errors after 90, audit after 7 years, never one in use (LOG-76, X-25)', () => {
    const kept = {
      ...{ 'combined.log': 400, 'access.log': 400, 'error.log': 400, 'audit/audit.jsonl': 4000 },
      ...{ 'combined.log.2.gz': 29, 'access.log-20261024': 29, 'error.log.40.gz': 89, 'audit/audit.jsonl.6.gz': 2550 },
    };
    const deleted = { 'app.log.3.gz': 32, 'combined.log.31.gz': 32, 'access.log-20261020': 32, 'error.log.91.gz': 92 };
    const dir = folder({ ...kept, ...deleted, 'audit/audit.jsonl.8.gz': 2560 });
    symlinkSync('combined.log', join(dir, 'app.log'));
    execFileSync('sh', ['-euc', block('sh', 'Retention', dir)]);
    const left = readdirSync(dir, { recursive: true }).filter((name) => name !== 'audit');
    expect(left.sort()).toEqual([...Object.keys(kept), 'app.log'].sort());
  });

  it.skipIf(!logrotate.isInstalled)(
    'has rotation that logrotate takes, and that passes the link by (LOG-74, LOG-76)',
    () => {
      const dir = folder({ 'combined.log': 1, 'audit/audit.jsonl': 1 });
      symlinkSync('combined.log', join(dir, 'app.log'));
      const configuration = join(newFolder(), 'builder-api');
      writeFileSync(configuration, block('logrotate', 'Rotation', dir), { mode: 0o644 });
      const said = logrotate.exec(['-d', '-f', '-s', `${configuration}.state`, configuration]);
      expect(said).not.toMatch(/^error:/m);
      expect(said).toContain(`renaming ${dir}/combined.log to ${dir}/combined.log.1`);
      expect(said).toContain(`renaming ${dir}/audit/audit.jsonl to ${dir}/audit/audit.jsonl.1`);
      expect(said).not.toContain(`renaming ${dir}/app.log `);
    },
  );

  it('promises timestamps that shippers read with %Y-%m-%dT%H:%M:%S (LOG-80)', () => {
    const { logger, text } = recorded();
    logger.info('told');
    expect(parsed(text())[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});

describe('the log readers of the reference server', () => {
  const { scripts } = JSON.parse(
    readFileSync(new URL('../../examples/reference-server/package.json', import.meta.url), 'utf8'),
  ) as { scripts: Record<string, string> };

  it.each([
    ['logs', ''],
    ['logs:production', 'logs'],
  ])('npm run %s prints the newest lines, whatever the file is called (LOG-84)', (name, logDir) => {
    const dir = newFolder();
    const { logger } = recorded({ dir: join(dir, 'logs'), appFile: 'combined.log' });
    logger.info('told');
    const env = { ...process.env, LOG_DIR: join(dir, logDir) };
    const printed = execFileSync('sh', ['-c', scripts[name] ?? 'false'], { cwd: dir, env, encoding: 'utf8' });
    expect(parsed(printed)).toMatchObject([{ msg: 'told' }]);
  });
});
