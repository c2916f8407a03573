import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';

// Roles, databases, tablespaces and settings of the server are shared: made on a scratch database, they are made for all.
const SERVER_WIDE =
  /\b(?:(?:create|alter|drop)\s+(?:database|role|group|tablespace|system|user(?!\s+mapping)|subscription)\b|(?:reassign|drop)\s+owned\b)[^;\n]{0,40}/i;
const COMMENT = /--[^\n]*|\/\*[^]*?\*\//g;

/** Refuses files that would change more than the database that they are run on. */
export async function refuseServerWide(dir: string, schemaPath: string, schemaText: string): Promise<void> {
  const found = [...(await migrationTexts(dir)), [schemaPath, schemaText] as const].flatMap(([path, text]) => {
    const [statement] = SERVER_WIDE.exec(text.replace(COMMENT, ' ')) ?? [];
    return statement === undefined ? [] : [`  ${visible(path)}: ${visible(statement.trim())}`];
  });
  if (found.length === 0) return;
  const cure = 'say --server-wide on a server for trying out, or keep them out of migrations';
  throw new CommandError(
    `these change the whole server, also when run on a scratch database; ${cure}\n${found.join('\n')}`,
    EXIT.failed,
  );
}

async function migrationTexts(dir: string): Promise<(readonly [path: string, text: string])[]> {
  // A folder that is not there is told by whoever reads its migrations.
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map(({ name }) => join(dir, name));
  return Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const));
}
