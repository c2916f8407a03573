import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { terminal } from '../../src/cli/terminal.js';

const page = (name: string): string => readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8');
const program = createProgram(terminal());
const PAGES = ['backups', 'backups-base-and-pitr', 'backups-printed-lines'];

/** As the five runbooks print them, each once. */
const PRINTED = [
  'pg_dump -Fc builder_api_dev -U postgres > backup_$(date +%Y%m%d_%H%M%S).dump',
  'pg_restore -d builder_api_dev -U postgres backup_file.dump',
  'pg_dump -Fc builder_api_dev | aws s3 cp - s3://backups/db_$(date +%Y%m%d).dump',
  'pg_restore -d bobbuilder_restore backup.dump',
  'pg_restore -t "2024-11-06 12:00:00" backup.dump',
  'createdb bobbuilder_test',
  'pg_restore -d bobbuilder_test latest_backup.dump',
  'psql bobbuilder_test -c "SELECT count(*) FROM projects;"',
  'pg_dump -h db.supabase.co -U postgres -d codebook > backup-$(date +%Y%m%d).sql',
  'psql -h db.supabase.co -U postgres -d codebook < backup-20250115.sql',
  './scripts/migrate-production.sh production',
  'pg_restore -d ordo_todo backups/backup_production_<timestamp>.sql',
  'ls -lh backups/',
  'pg_restore -d ordo_todo -c backups/backup_production_<timestamp>.sql',
  'psql -d ordo_todo -c "SELECT COUNT(*) FROM \\"User\\";"',
  'docker-compose exec -T postgres psql -U postgres -d booky < backup.sql',
  'docker-compose exec postgres pg_dump -U postgres booky > corrupted_backup_$(date +%Y%m%d).sql',
  'docker-compose exec -T postgres psql -U postgres -d booky < last_good_backup.sql',
  'docker-compose exec backend npm run db:check',
  'find /var/log/booky -name "*.log" -mtime +7 -delete',
  'docker-compose exec postgres pg_verifybackup /backups/latest',
  'docker-compose exec postgres pg_dump -U postgres booky > backup.sql',
  'BACKUP_DIR="/var/backups/postgres"',
  'pg_dump -U $DB_USER -h $DB_HOST $DB_NAME | gzip > $BACKUP_FILE',
  'find $BACKUP_DIR -name "*.sql.gz" -mtime +30 -delete',
  'aws s3 cp $BACKUP_FILE s3://your-bucket/backups/',
  'echo "Backup completed: $BACKUP_FILE"',
  'gunzip < backup.sql.gz | psql -U $DB_USER -h $DB_HOST $DB_NAME',
  'psql -U $DB_USER -h $DB_HOST $DB_NAME < backup.sql',
  'cp .env .env.backup.$(date +%Y%m%d)',
  'tar -czf uploads_backup.tar.gz public/uploads/',
];

describe('the pages about backups', () => {
  it.each(PRINTED)('say what happens with the line %s, and what to type instead (BKP-06)', (line) => {
    const rows = page('backups-printed-lines')
      .replaceAll('\\|', '\u0000')
      .split('\n')
      .filter((row) => row.startsWith('| ') && row.replaceAll('\u0000', '|').includes(`\`${line}\``));
    expect(rows).toHaveLength(1);
    const [, , happens = '', instead = ''] = rows[0]!.split('|').map((cell) => cell.trim());
    expect(happens.length * instead.length).toBeGreaterThan(0);
  });

  it('tell the way back from corruption, loss of everything and a breach (BKP-17, BKP-18)', () => {
    const text = page('backups').replaceAll(/\s+/g, ' ');
    for (const step of [
      'MAINTENANCE_FILE',
      '--name corrupted_backup_20261122.dump',
      'restore last_good_backup.dump',
      'db check',
      'deploy the last good release',
      'vectors:restore',
      'move DNS',
      'audit log',
      'change every key',
      '72 hours',
    ])
      expect(text).toContain(step);
  });

  it.each(PAGES)('%s calls only commands and options that exist', (name) => {
    const calls = callsIn(page(name));
    expect(calls.length).toBeGreaterThan(3);
    for (const words of calls) {
      const { command, path } = commandOf(words);
      const known = [...command.options.map(({ long }) => long), '--help'];
      for (const option of words.filter((word) => word.startsWith('--')))
        expect(known, `${words.join(' ')}: ${path} has no ${option}`).toContain(option);
    }
  });
});

/** `npx express-runbook …` of code blocks, and what stands alone between backquotes and begins as a command of ours does. */
function callsIn(text: string): string[][] {
  const blocks = [...text.matchAll(/^npx express-runbook (.*?)(?:\s+#.*)?$/gm)].map(([, call = '']) => call);
  const inline = [...text.matchAll(/`((?:backup|prune-logs|db check)(?: [^`]*)?)`/g)].map(([, call = '']) => call);
  return [...blocks, ...inline].map((call) => call.split(/\s+/).map((word) => word.replace(/…$/, '')));
}

function commandOf(words: readonly string[]): { command: Command; path: string } {
  let command: Command = program;
  const path: string[] = [];
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
    path.push(word);
  }
  expect(path.length, words.join(' ')).toBeGreaterThan(0);
  return { command, path: path.join(' ') };
}
