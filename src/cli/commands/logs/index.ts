import type { Command } from 'commander';
import type { Terminal } from '../../terminal.js';
import { endpoints } from './endpoints.js';
import { errors } from './errors.js';
import { queries } from './queries.js';
import { show, slow } from './show.js';
import { slowest } from './slowest.js';
import { trace } from './trace.js';
import { volume } from './volume.js';

const EXPLAINED = `
Files may be packed (.gz). Without a file standard input is read, and where a person types logs/app.log (LOG_DIR). Lines that are
no JSON are counted and left out; what stands before the first brace, such as the name of a container, does not matter.
Exit codes: 0 done, 2 wrong usage or a file that cannot be read, 130 interrupted.`;

export function logs(program: Command, terminal: Terminal): void {
  const group = program
    .command('logs')
    .summary('ask the log files')
    .description('Answers questions from log files, of any size and of every line schema.')
    .addHelpText('after', EXPLAINED);
  for (const add of [show, errors, endpoints, slowest, slow, queries, trace, volume]) add(group, terminal);
}
