/** Calls that go wrong: inputs 243 to 252 of the corpus. `SECRET` must be in nothing that is printed. */
export const SECRET = 'c4n4ry';

/** Refused with exit code 2 and one message that says `message`, before the database is asked. No person is there to confirm. */
export interface WrongCall {
  readonly id: number;
  readonly args: readonly string[];
  readonly message: string;
}

const withUrl = `postgres://u:${SECRET}@h/d`;
const wrong = (id: number, message: string, ...args: string[]): WrongCall => ({ id, args, message });

export const WRONG_CALLS: readonly WrongCall[] = [
  wrong(243, 'without a folder', 'backup', 'create', '--name', '../../x'),
  wrong(243, 'without a folder', 'backup', 'create', '--name', '/dev/full'),
  wrong(245, 'does not begin with a dash', 'backup', 'create', '--name', '-'),
  wrong(246, 'does not begin with a dash', 'backup', 'create', '--name', '-rf'),
  wrong(246, 'no control characters', 'backup', 'create', '--name', 'a\nb'),
  ...['-rf', '$(id)', 'a;b', 'a\nb'].map((name) =>
    wrong(246, 'is no name for a migration', 'migrate', 'create', '--', name),
  ),
  ...['0', '-1', '1e9', 'all=0d', 'all=-1d', 'all=1e9d'].map((keep) =>
    wrong(247, 'such as daily=7d', 'backup', 'prune', '--keep', keep),
  ),
  ...['0', '-1', '1e9'].map((batch) => wrong(247, 'whole number from 1', 'db', 'archive', 'events', '--batch', batch)),
  wrong(248, "unknown option '--database=postgres://u:[REDACTED]@h/d'", 'db', 'ping', `--database=${withUrl}`),
  wrong(248, 'unknown option', 'db', 'ping', `--password=${SECRET}`),
  wrong(248, 'unknown command', withUrl),
  wrong(248, 'too many arguments', 'db', 'ping', withUrl),
  wrong(248, 'is no process id', 'db', 'kill', withUrl),
  wrong(248, 'whole number from 0', 'migrate', 'run', `--lock-timeout=${withUrl}`),
  wrong(249, 'unknown option', 'db', 'ping', '--fast'),
  wrong(249, 'unknown option', 'db', 'vacuum', '--fu'),
  wrong(249, '\\u001b[2J', 'db', 'ping', '--fast\u001b[2J'),
  wrong(249, 'given twice', 'migrate', 'run', '--dir', 'a', '--dir', 'b'),
  wrong(250, 'say --yes', 'db', 'vacuum', 'events', '--full'),
];

/** Input 246 again: names that only a shell would mind. Nothing of them is run, and the file has the name. */
export const ODD_NAMES: readonly (readonly [id: number, name: string])[] = [
  [246, '$(touch c4n4ry)'],
  [246, 'a;touch c4n4ry'],
  [246, '`touch c4n4ry`'],
];

/** Input 251: what is no backup, by what it is. Restored from it is nothing. */
export const NO_BACKUPS: readonly (readonly [id: number, what: string])[] = [
  [251, 'a symbolic link to a text'],
  [251, 'a folder'],
  [251, 'a FIFO'],
  [251, 'an empty file'],
  [251, 'a packed folder'],
  [251, 'a dump that ends \\restrict'],
  [251, 'a dump that runs a command of the shell'],
];

/** Input 252: folders of migrations, and what is applied of them, or what the refusal says. */
export const MIGRATION_FOLDERS: readonly {
  readonly id: number;
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly applied?: readonly string[];
  readonly refused?: string;
}[] = [
  {
    id: 252,
    what: 'quotes in a name',
    files: { "1_a'b.sql": 'create table c4n4ry (n int)' },
    refused: 'has no place in the order',
  },
  {
    id: 252,
    what: 'ten before two by letter',
    files: { '10_b.sql': 'select 1', '2_a.sql': 'select 1' },
    applied: ['2_a', '10_b'],
  },
  {
    id: 252,
    what: 'one number twice',
    files: { '1_a.sql': 'select 1', '01_b.sql': 'select 1' },
    refused: 'have the same id',
  },
  {
    id: 252,
    what: 'a byte order mark and CRLF',
    files: { '1_a.sql': '\ufeffselect 1;\r\nselect 2;\r\n' },
    applied: ['1_a'],
  },
];
