import type { Command } from 'commander';
import type { Terminal } from '../../terminal.js';
import { activity } from './activity.js';
import { analyze } from './analyze.js';
import { archive } from './archive.js';
import { bloat } from './bloat.js';
import { check } from './check.js';
import { connections } from './connections.js';
import { console } from './console.js';
import { exec } from './exec.js';
import { indexes } from './indexes.js';
import { kill } from './kill.js';
import { locks } from './locks.js';
import { ping } from './ping.js';
import { reindex } from './reindex.js';
import { addReport } from './report.js';
import { size } from './size.js';
import { slow } from './slow.js';
import { slowLog } from './slow-log.js';
import { tables } from './tables.js';
import { vacuum } from './vacuum.js';
import { window } from './window.js';

const EXPLAINED = `
Exit codes: 0 done, 1 findings, refused or failed, 2 wrong usage or settings, 130 interrupted.`;

export function db(program: Command, terminal: Terminal): void {
  const group = program
    .command('db')
    .summary('look after the database')
    .description('Looks after the database that DATABASE_URL or the DB_ variables name.')
    .addHelpText('after', EXPLAINED);
  for (const add of [ping, check, console, exec]) add(group, terminal);
  for (const report of [size, connections, activity, locks, slow, bloat, tables, indexes])
    addReport(group, terminal, report);
  for (const add of [vacuum, reindex, analyze, archive, kill, slowLog, window]) add(group, terminal);
}
