import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';
import { patternOf } from '../runbooks/expected.js';
import { blocksOf } from '../runbooks/page.js';
import { openShell, type Shell } from '../runbooks/shell.js';
import { launch, REFERENCE_SERVER, type ReferenceServer } from '../support/reference-server.js';
import { requireTool } from '../support/real-tools.js';
import { seededDatabase } from '../support/seeded-database.js';
import { textOf } from './pages.js';

const SERVICE = 'examples/reference-server';
const DOCS = `${SERVICE}/docs`;
const PAGES = ['ARCHITECTURE', 'DATABASE_ARCHITECTURE', 'DEPLOYMENT', 'SECURITY', 'INCIDENT_RESPONSE', 'ON_CALL']
  .concat('DISASTER_RECOVERY', 'MAINTENANCE', 'CONTACTS', 'README', 'api/health-endpoints')
  .map((name) => `${DOCS}/${name}.md`);
const OWN = new Set(['logs', 'backups', 'profiles', 'docs', '.env']);
const areInstalled = ['curl', 'jq', 'pg_dump'].every((name) => requireTool(name).isInstalled);

const blocks = [`${SERVICE}/README.md`, ...PAGES].flatMap((page) =>
  blocksOf(textOf(page)).map((block) => ({
    ...block,
    title: `${page.replace(/.*\//, '')} ${block.at}: ${block.commands[0] ?? ''}`,
  })),
);

let scratch: string;
let database: Awaited<ReturnType<typeof seededDatabase>>;
let server: ReferenceServer;
let shell: Shell;

beforeAll(async () => {
  if (!areInstalled) return;
  scratch = mkdtempSync(join(tmpdir(), 'service-docs-'));
  const cwd = layOut();
  database = await seededDatabase();
  const settings = {
    DATABASE_URL: database.url,
    OPS_PROFILE: 'builder',
    OPS_TOKEN: 'of-the-people-of-the-house',
    BACKUP_DIR: join(scratch, 'backups'),
    LOG_DIR: join(cwd, 'logs'),
    // What is told is whether it is well, not how busy or how full the machine of the tests is.
    HEALTH_PROCESS_CHECKS: 'memory',
    HEALTH_MEMORY_THRESHOLD: '100%',
    HEALTH_CHECK_TIMEOUT: '10s',
    RATE_LIMIT_MAX: '10000',
  };
  server = await launch({ env: settings });
  const programs = [join(scratch, 'bin'), process.env.PATH ?? '', '/usr/lib/postgresql/15/bin'];
  const env = {
    ...settings,
    PATH: programs.join(':'),
    HOME: scratch,
    LANG: 'C.UTF-8',
    npm_config_update_notifier: 'false',
  };
  shell = openShell({ cwd, env, scratch });
}, 120_000);

afterAll(async () => {
  if (!areInstalled) return;
  shell.close();
  await server.stop();
  await database.drop();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10 });
});

/** The folder of the service as it is, but for what commands write: that goes into a folder of the test. */
function layOut(): string {
  const cwd = join(scratch, SERVICE);
  for (const folder of ['logs', 'docs']) mkdirSync(join(cwd, folder), { recursive: true });
  for (const folder of ['backups', 'bin']) mkdirSync(join(scratch, folder));
  // As npm links them where the package is installed.
  for (const [name, file] of Object.entries({ 'express-runbook': 'cli.js', 'slack-notify': 'slack-notify.js' }))
    symlinkSync(join(ROOT, 'dist', file), join(scratch, 'bin', name));
  for (const name of ['dist', 'node_modules', 'package.json']) symlinkSync(join(ROOT, name), join(scratch, name));
  for (const name of readdirSync(REFERENCE_SERVER))
    if (!OWN.has(name)) symlinkSync(join(REFERENCE_SERVER, name), join(cwd, name));
  return cwd;
}

describe.skipIf(!areInstalled)('what the documentation of the service says to type', () => {
  it('is on pages that there are', () => {
    expect(PAGES.filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
    expect(readdirSync(join(ROOT, DOCS)).filter((name) => name.endsWith('.md'))).toHaveLength(PAGES.length - 1);
    expect(blocks.length).toBeGreaterThan(15);
    expect(blocks.flatMap(({ words }) => [...words.keys()]).filter((word) => word !== 'exit')).toEqual([]);
  });

  it.each(blocks)('$title', async ({ commands, words, prints }) => {
    let printed = '';
    for (const [at, command] of commands.entries()) {
      const here = command.replaceAll('http://localhost:3000', server.url);
      const { status, output } = await shell.run(here);
      printed += output;
      const wanted = at === commands.length - 1 ? Number(words.get('exit') ?? 0) : 0;
      expect(status, `${here} printed ${output}`).toBe(wanted);
    }
    expect(printed).toMatch(patternOf(prints ?? 'a page says what is printed'));
  });
});
