import { InvalidArgumentError, type Command } from 'commander';
import type { LineQuestion } from '../../logs/line-filter.js';
import { LEVEL_NUMBERS } from '../../logs/levels.js';
import { moment } from '../../logs/moment-option.js';
import { statusRanges } from '../../logs/status-option.js';
import { said, wholeNumber } from '../../option-values.js';

/** What every command of the group takes. */
export interface LogOptions extends LineQuestion {
  readonly rotated?: true;
  readonly tail?: number;
  readonly json?: true;
}

const MAX_LINES = 10_000_000;
const MAX_MS = 1e12;

/** Options that say which lines are meant, and where they are read. */
export function withLogOptions(command: Command): Command {
  return command
    .option('--level <names>', `of these levels: ${[...LEVEL_NUMBERS.keys()].join(', ')}; several with commas`, levels)
    .option('--since <time>', 'since so long ago (90m, 24h, 7d), or since 2024-11-06T12:00:00Z', moment)
    .option('--until <time>', 'before that, in the same words', moment)
    .option('--request <id>', 'of this request id', said)
    .option('--correlation <id>', 'of this correlation id', said)
    .option('--user <id>', 'of this user', said)
    .option('--client <id>', 'of this client', said)
    .option('--status <codes>', 'answered with 404, 5xx, 400-499, 500- or 401,403,429', statusRanges)
    .option('--url <start>', 'whose URL begins so', said)
    .option('--longer-than <ms>', 'that took longer', wholeNumber(0, MAX_MS))
    .option('--message <text>', 'with this in the message; repeated: or this', collected)
    .option('--grep <text>', 'with this anywhere in the line; repeated: or this', collected)
    .option('--ignore-case', 'upper and lower case are the same to --grep')
    .option('--rotated', 'also what rotation has put aside beside each file, the oldest first')
    .option('--tail <lines>', 'only so many of the last lines of each file', wholeNumber(1, MAX_LINES))
    .option('--json', 'JSON on standard output');
}

function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, said(value, undefined)];
}

function levels(value: string, before: unknown): readonly string[] {
  const names = said(value, before).toLowerCase().split(',');
  if (names.every((name) => LEVEL_NUMBERS.has(name))) return names;
  throw new InvalidArgumentError(`It must be of ${[...LEVEL_NUMBERS.keys()].join(', ')}, with commas between.`);
}
