import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { cliOn } from '../cli/cli.js';
import { testServer } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { runTask } from '../support/seeded-database.js';

const psql = requireTool('psql');
const pgDump = requireTool('pg_dump');
const run = promisify(execFile);

let server: Awaited<ReturnType<typeof testServer>>;
let scratch: string;

const urlOf = (name: string): string => Object.assign(new URL(server.url), { pathname: `/${name}` }).href;

beforeAll(async () => {
  if (!psql.isInstalled) return;
  server = await testServer({
    settings: { shared_preload_libraries: 'pg_stat_statements', shared_buffers: '256MB', effective_cache_size: '1GB' },
  });
  scratch = await mkdtemp(join(tmpdir(), 'runbook-'));
  // The names that the runbooks give their databases.
  for (const name of ['bobbuilder', 'beo_automation']) await query(server.url, `CREATE DATABASE ${name}`);
  await runTask(urlOf('bobbuilder'), 'migration:run');
  await runTask(urlOf('bobbuilder'), 'seed');
  await query(urlOf('bobbuilder'), `INSERT INTO clients (name) VALUES ('c')`);
  await query(
    urlOf('bobbuilder'),
    `INSERT INTO events (type, status, created_at) SELECT 'e', 'completed', now() - n * interval '1 day' FROM generate_series(1, 200) n`,
  );
});
afterAll(async () => {
  if (!psql.isInstalled) return;
  await server.stop();
  await rm(scratch, { recursive: true });
});

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** What psql prints, or what it says instead. */
async function psqlSays(url: string, ...args: string[]): Promise<string> {
  try {
    return (await run('psql', [url, '-X', ...args])).stdout;
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

/** As printed: the line, and what psql says of it. A line that cannot work is followed by what works instead. */
const SQL: readonly (readonly [line: string, says: RegExp, defect?: string])[] = [
  // B
  ['SELECT 1;', /\(1 row\)/],
  [" SELECT pg_size_pretty(pg_database_size('bobbuilder'));", /\d+ [kM]B/],
  [' SELECT count(*) FROM pg_stat_activity;', /\n +[1-9]/],
  ['VACUUM ANALYZE;', /^VACUUM/],
  ['VACUUM FULL ANALYZE;', /^VACUUM/],
  ['REINDEX DATABASE bobbuilder;', /^REINDEX/],
  ['SELECT count(*) FROM projects;', /\n +12\n/],
  ['\\dt', /public \| projects +\| table/],
  ['\\d+ projects', /deleted_at/],
  ['\\du', /Superuser/],
  ['\\l', /bobbuilder/],
  ["SELECT count(*) FROM pg_stat_activity WHERE datname = 'builder_api_dev';", /\n +0\n/],
  ['SELECT query, mean_exec_time FROM pg_stat_statements ORDER BY mean_exec_time DESC LIMIT 10;', /\(10 rows\)/],
  ["ALTER DATABASE bobbuilder SET log_statement = 'all';", /^ALTER DATABASE/],
  ['ALTER DATABASE bobbuilder SET log_min_duration_statement = 100;', /^ALTER DATABASE/],
  ['SELECT * FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 10;', /\(10 rows\)/],
  [
    "SELECT schemaname, tablename, attname, n_distinct, correlation FROM pg_stats WHERE schemaname = 'public' AND n_distinct > 100 AND correlation < 0.1;",
    /\(\d+ rows?\)/,
  ],
  [
    "SELECT schemaname, tablename, indexname, idx_scan, idx_tup_read, idx_tup_fetch FROM pg_stat_user_indexes WHERE idx_scan = 0 AND schemaname = 'public';",
    /ERROR: {2}column "tablename" does not exist/,
    'T-02',
  ],
  ['CREATE INDEX CONCURRENTLY idx_projects_status ON projects(status) WHERE deleted_at IS NULL;', /^CREATE INDEX/],
  [
    "SELECT pid, now() - pg_stat_activity.query_start AS duration, query FROM pg_stat_activity WHERE state = 'active';",
    /pg_stat_activity\.query_start/,
  ],
  ['SELECT pg_terminate_backend(pid);', /ERROR: {2}column "pid" does not exist/, 'T-12'],
  ['ANALYZE;', /^ANALYZE/],
  ['SELECT query, mean_exec_time, calls FROM pg_stat_statements ORDER BY mean_exec_time DESC LIMIT 10;', /\(10 rows\)/],
  // C
  [
    "SELECT * FROM codebook_items WHERE client_id = '...' ORDER BY created_at DESC;",
    /invalid input syntax for type uuid/,
    'a placeholder',
  ],
  ['CREATE INDEX idx_items_client_created ON codebook_items(client_id, created_at DESC);', /^CREATE INDEX/],
  [
    'SELECT * FROM codebook_items WHERE client_id = $1 AND id > $2 ORDER BY id LIMIT 100;',
    /there is no parameter \$1/,
    'a placeholder',
  ],
  [
    'SELECT * FROM codebook_items WHERE client_id = $1 ORDER BY id OFFSET 10000 LIMIT 100;',
    /there is no parameter \$1/,
    'a placeholder',
  ],
  ["SELECT * FROM pg_stat_activity WHERE state = 'active';", /client backend/],
  ["SELECT COUNT(*) FROM jobs WHERE status = 'pending';", /\n +0\n/],
  ['CREATE INDEX idx_jobs_status ON jobs(status, started_at);', /^CREATE INDEX/],
  // O
  ['SELECT COUNT(*) FROM "User";', /\n +2\n/],
  // K
  ['SELECT * FROM pg_stat_activity;', /checkpointer/],
  ['SELECT * FROM pg_locks WHERE NOT granted;', /\(0 rows\)/],
  // E
  ['VACUUM ANALYZE events;', /^VACUUM/],
  ['VACUUM FULL events;', /^VACUUM/],
  ['REINDEX TABLE events;', /^REINDEX/],
  ['REINDEX DATABASE beo_automation;', /ERROR: {2}can only reindex the currently open database/, 'T-24'],
  [
    "SELECT schemaname, tablename, pg_size_pretty(pg_total_relation_size(schemaname||'.'||tablename)) AS size FROM pg_tables WHERE schemaname = 'public' ORDER BY pg_total_relation_size(schemaname||'.'||tablename) DESC;",
    /public +\| users/,
  ],
  ['ALTER SYSTEM SET log_min_duration_statement = 1000;', /^ALTER SYSTEM/],
  ['SELECT pg_reload_conf();', /\n t\n/],
  ['CREATE INDEX CONCURRENTLY idx_events_created_at ON events(created_at DESC);', /^CREATE INDEX/],
  ['ALTER SYSTEM RESET ALL; SELECT pg_reload_conf();', /cannot run inside a transaction block/, 'T-43'],
  ['VACUUM ANALYZE; REINDEX DATABASE bobbuilder;', /VACUUM cannot run inside a transaction block/, 'T-43'],
];

describe.skipIf(!psql.isInstalled)('the SQL of the runbooks, by psql $DATABASE_URL -c', () => {
  beforeAll(async () => {
    expect(
      await psqlSays(urlOf('bobbuilder'), '-v', 'ON_ERROR_STOP=1', '-1', '-f', file('scripts/pg_stat_statements.sql')),
    ).toContain('CREATE VIEW');
    for (let count = 0; count < 12; count++) await query(urlOf('bobbuilder'), `SELECT ${'1, '.repeat(count)}now()`);
  });

  it.each(
    SQL.map(([line, says, defect]) => ({
      line,
      says,
      title: defect === undefined ? line : `${line} (fails: ${defect})`,
    })),
  )('$title', async ({ line, says }) => {
    expect(await psqlSays(urlOf('bobbuilder'), '-c', line)).toMatch(says);
  });

  it('BEGIN; INSERT INTO events_archive …; DELETE FROM events …; COMMIT; (MNT-10)', async () => {
    const old = "WHERE status = 'completed' AND created_at < NOW() - INTERVAL '90 days'";
    const lines = [
      'BEGIN;',
      `INSERT INTO events_archive SELECT * FROM events ${old};`,
      `DELETE FROM events ${old};`,
      'COMMIT;',
    ];
    const said = await psqlSays(urlOf('bobbuilder'), ...lines.flatMap((line) => ['-c', line]));
    expect(said).toBe('BEGIN\nINSERT 0 111\nDELETE 111\nCOMMIT\n');
  });
});

describe.skipIf(!psql.isInstalled)('what works instead of a defective line', () => {
  const db = (...args: string[]) => cliOn(urlOf('bobbuilder'), 'db', ...args);

  it('T-02: db indexes', async () => {
    expect((await db('indexes')).stdout).toContain('idx_projects_status');
  });

  it('T-03: total_time is gone since PostgreSQL 13; the view of scripts/pg_stat_statements.sql has it, and so has db slow (MNT-13)', async () => {
    const line =
      'SELECT query, calls, total_time, mean_time, max_time FROM pg_stat_statements ORDER BY mean_time DESC LIMIT 10;';
    await query(urlOf('beo_automation'), 'CREATE EXTENSION pg_stat_statements');
    expect(await psqlSays(urlOf('beo_automation'), '-c', line)).toMatch(/column "total_time" does not exist/);
    expect((await cliOn(urlOf('beo_automation'), 'db', 'slow')).stdout).toMatch(/^total_ms/);
    await psqlSays(urlOf('beo_automation'), '-1', '-f', file('scripts/pg_stat_statements.sql'));
    expect(await psqlSays(urlOf('beo_automation'), '-c', line)).toMatch(/\(\d+ rows?\)/);
    expect((await cliOn(urlOf('beo_automation'), 'db', 'slow')).stdout).toMatch(/^total_ms/);
  });

  it('T-12: db kill <pid>', async () => {
    const client = new pg.Client({ connectionString: urlOf('bobbuilder') });
    await client.connect();
    const ended = new Promise((resolve) => client.on('error', resolve));
    const [row] = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
    expect(await db('kill', String(row?.pid), '--yes')).toMatchObject({ exitCode: 0 });
    expect(String(await ended)).toContain('terminating connection');
  });

  it('T-16: db tables, on a database whose tables are in mixed case', async () => {
    await query(urlOf('beo_automation'), 'CREATE TABLE "Mixed" (id int)');
    const line =
      "SELECT pg_size_pretty(pg_total_relation_size(schemaname||'.'||tablename)) FROM pg_tables WHERE schemaname = 'public';";
    expect(await psqlSays(urlOf('beo_automation'), '-c', line)).toMatch(/relation "public.mixed" does not exist/);
    expect((await cliOn(urlOf('beo_automation'), 'db', 'tables')).stdout).toContain('public."Mixed"');
  });

  it('T-24: db reindex takes the database that it is connected to', async () => {
    expect((await db('reindex')).stdout).toBe('done: REINDEX DATABASE CONCURRENTLY bobbuilder\n');
  });

  it('T-23: createdb builder_api_dev or CREATE DATABASE, not both', async () => {
    expect(await psqlSays(server.url, '-c', 'CREATE DATABASE builder_api_dev;')).toBe('CREATE DATABASE\n');
    expect(await psqlSays(server.url, '-c', 'CREATE DATABASE builder_api_dev;')).toMatch(
      /database "builder_api_dev" already exists/,
    );
  });

  it('T-46: a URL with ?schema= breaks psql, and not config print --shell', async () => {
    const url = `${urlOf('bobbuilder')}?schema=public`;
    expect(await psqlSays(url, '-c', 'SELECT 1')).toMatch(/invalid URI query parameter: "schema"/);
    expect((await cliOn(url, 'config', 'print', '--shell')).stdout).not.toContain('schema');
    expect(await cliOn(url, 'db', 'ping')).toMatchObject({ exitCode: 0 });
  });

  it('T-50: ALTER DATABASE … SET holds for new sessions only', async () => {
    const client = new pg.Client({ connectionString: urlOf('beo_automation') });
    await client.connect();
    await query(server.url, 'ALTER DATABASE beo_automation SET log_min_duration_statement = 123');
    expect((await client.query('SHOW log_min_duration_statement')).rows).not.toEqual([
      { log_min_duration_statement: '123ms' },
    ]);
    await client.end();
    expect(await query(urlOf('beo_automation'), 'SHOW log_min_duration_statement')).toEqual([
      { log_min_duration_statement: '123ms' },
    ]);
  });

  it('C: the parameters of the page queries, and the client of the placeholder', async () => {
    const [client] = await query(urlOf('bobbuilder'), 'SELECT id FROM clients');
    const id = String(client?.id);
    const said = await psqlSays(
      urlOf('bobbuilder'),
      ...['-c', `SELECT * FROM codebook_items WHERE client_id = '${id}' ORDER BY created_at DESC;`],
      ...['-c', 'PREPARE page AS SELECT * FROM codebook_items WHERE client_id = $1 AND id > $2 ORDER BY id LIMIT 100;'],
      ...['-c', `EXECUTE page('${id}', 0);`],
      ...[
        '-c',
        'PREPARE later AS SELECT * FROM codebook_items WHERE client_id = $1 ORDER BY id OFFSET 10000 LIMIT 100;',
      ],
      ...['-c', `EXECUTE later('${id}');`],
    );
    expect(said.match(/\(0 rows\)/g)).toHaveLength(3);
    expect(said).not.toContain('ERROR');
  });
});

describe.skipIf(!psql.isInstalled)(
  'the migration of runbook C, which has its own BEGIN and COMMIT (MIG-05, T-45)',
  () => {
    const jobs = (more: string): string => `BEGIN;
CREATE TABLE jobs ( id UUID PRIMARY KEY DEFAULT gen_random_uuid(), client_id UUID NOT NULL REFERENCES clients(id) ON DELETE CASCADE, job_type TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending', created_at TIMESTAMPTZ DEFAULT NOW()${more} );
CREATE INDEX idx_jobs_status ON jobs(status, started_at);
COMMIT;`;

    it('fails as printed and leaves nothing (T-07), and runs and reverts with the column that its index needs (X-61)', async () => {
      await query(server.url, 'CREATE DATABASE codebook');
      await query(urlOf('codebook'), 'CREATE TABLE clients (id UUID PRIMARY KEY)');
      const migrate = (...args: string[]) => cliOn(urlOf('codebook'), 'migrate', ...args, '--dir', scratch);
      await writeFile(join(scratch, '20250115_add_jobs_table.sql'), jobs(''));
      const failed = await migrate('run');
      expect({ ...failed, isTold: failed.stderr.includes('column "started_at" does not exist') }).toMatchObject({
        exitCode: 1,
        isTold: true,
      });
      expect(await query(urlOf('codebook'), `SELECT to_regclass('jobs') AS jobs`)).toEqual([{ jobs: null }]);
      await writeFile(join(scratch, '20250115_add_jobs_table.sql'), jobs(', started_at TIMESTAMPTZ'));
      expect((await migrate('run')).stdout).toBe('applied 20250115_add_jobs_table\n');
      await query(urlOf('codebook'), 'DROP TABLE IF EXISTS jobs;');
      await migrate('resolve', '--rolled-back', '20250115_add_jobs_table');
      expect((await migrate('run')).stdout).toBe('applied 20250115_add_jobs_table\n');
    });
  },
);

describe.skipIf(!psql.isInstalled)('the files that the runbooks call', () => {
  it('psql $DATABASE_URL -f scripts/check_bloat.sql (MNT-05)', async () => {
    expect(await psqlSays(urlOf('bobbuilder'), '-v', 'ON_ERROR_STOP=1', '-f', file('scripts/check_bloat.sql'))).toMatch(
      /bloat_percent/,
    );
  });

  it.skipIf(!pgDump.isInstalled)(
    'scripts/migrate-production.sh: a backup that can be restored, the migrations, the health (MIG-08, MIG-09)',
    async () => {
      await query(server.url, 'CREATE DATABASE ordo_todo');
      await query(server.url, 'CREATE DATABASE ordo_todo_restored');
      await query(urlOf('ordo_todo'), 'CREATE TABLE before (n int); INSERT INTO before VALUES (1)');
      const health = createServer((_req, res) => res.end('{}')).listen(0, '127.0.0.1');
      await once(health, 'listening');
      const env = {
        PATH: process.env.PATH,
        DATABASE_URL: urlOf('ordo_todo'),
        HEALTH_URL: `http://127.0.0.1:${(health.address() as AddressInfo).port}/health`,
        BACKUPS: join(scratch, 'backups'),
      };
      const script = (...args: string[]) => run(file('scripts/migrate-production.sh'), args, { env });
      const { stdout } = await script('production');
      health.close();
      expect(stdout).toMatch(/^backup to [^]*applied 20260105_093000_create_work_tables\n[^]*done\n$/);
      const [backup = '', ...others] = await readdir(join(scratch, 'backups'));
      expect(others).toEqual([`${backup}.manifest.json`]);
      expect(backup).toMatch(/^backup_production_\d{8}_\d{6}\.sql$/);
      await run('pg_restore', ['-d', urlOf('ordo_todo_restored'), join(scratch, 'backups', backup)]);
      expect(await query(urlOf('ordo_todo_restored'), 'SELECT n FROM before')).toEqual([{ n: 1 }]);
      for (const wrong of [[], ['prod'], ['staging', 'production']]) {
        await expect(script(...wrong)).rejects.toMatchObject({ code: 2 });
      }
    },
  );
});

describe('scripts/check_bloat.sql', () => {
  it('asks what db bloat asks (MNT-05)', async () => {
    const words = (text: string): string => text.replace(/--.*/g, '').replace(/\s+/g, ' ').trim();
    const shipped = words(await readFile(file('scripts/check_bloat.sql'), 'utf8')).replace(/;$/, '');
    expect(words(await readFile(join(REFERENCE_SERVER, '../../src/cli/commands/db/bloat.ts'), 'utf8'))).toContain(
      shipped,
    );
  });
});

describe.skipIf(!psql.isInstalled)('docs/database-maintenance.md', () => {
  it('has SQL that runs as it is printed, and settings that a server starts with (MNT-15, MNT-16)', async () => {
    const page = await readFile(file('../../docs/database-maintenance.md'), 'utf8');
    const blocks = [...page.matchAll(/```sql\n([^]*?)```/g)].map(([, block = '']) => block);
    expect(blocks).toHaveLength(3);
    for (const [at, block] of blocks.entries()) {
      const path = join(scratch, `block-${at}`);
      await writeFile(path, block);
      const said = await psqlSays(urlOf('bobbuilder'), '-v', 'ON_ERROR_STOP=1', '-f', path);
      expect(said).toMatch(
        [/pg_reload_conf/, /BEGIN\n[^]*Execution Time[^]*ROLLBACK/, /REFRESH MATERIALIZED VIEW/][at] ?? /never/,
      );
    }
    expect(page).toContain('-c shared_buffers=256MB -c effective_cache_size=1GB');
    const shown = `SELECT string_agg(current_setting(s), ' ') AS now FROM unnest(ARRAY['shared_buffers', 'effective_cache_size']) s`;
    expect(await query(urlOf('bobbuilder'), shown)).toEqual([{ now: '256MB 1GB' }]);
  });

  it('names every job of the cron file, whose lines work (MNT-18, X-51)', async () => {
    const cron = (await readFile(file('deploy/cron/database-maintenance'), 'utf8')).split('\n');
    const jobs = cron
      .map((line) => /^(?:[\d*]+ +){5}builder-api +(.+)$/.exec(line)?.[1])
      .filter((job) => job !== undefined);
    expect(jobs).toHaveLength(4);
    const page = await readFile(file('../../docs/database-maintenance.md'), 'utf8');
    for (const [, command = ''] of jobs.join(' ').matchAll(/\$RUNBOOK (db \w+)/g))
      expect(page).toContain(`\`${command}`);
    const env = {
      PATH: process.env.PATH,
      APP: REFERENCE_SERVER,
      RUNBOOK: `${process.execPath} ../../dist/cli.js`,
      DATABASE_URL: urlOf('bobbuilder'),
    };
    // The last one waits for its window; inside of it, it does what the others do.
    for (const job of jobs) expect(await run('sh', ['-c', job], { env })).toMatchObject({ stderr: '' });
  });
});

function file(path: string): string {
  return join(REFERENCE_SERVER, path);
}
