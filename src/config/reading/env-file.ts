import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { EnvironmentProblem } from '../environment-error.js';

interface EnvFile {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly problems: readonly EnvironmentProblem[];
  readonly warnings: readonly string[];
}

const NOTHING: EnvFile = Object.freeze({ values: {}, problems: [], warnings: [] });

/** The variables of a file; none when it does not exist. */
export function readEnvFile(path: string | false): EnvFile {
  if (path === false) return NOTHING;
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    // What was thrown comes from node:fs, whose errors have a code.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return NOTHING;
    return { ...NOTHING, problems: [{ variable: path, problem: `cannot be read (${code ?? 'unknown reason'})` }] };
  }
  const content = decoded(bytes);
  return { values: parseEnv(content), problems: [], warnings: cutValues(content, path) };
}

/** Files of a Windows shell may be UTF-16. TextDecoder drops the byte order mark, which parseEnv takes for a part of the first name. */
function decoded(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}

/** `PASSWORD=pa#ss` means `pa`: the rest is a comment, which nobody expects without a space before the #. */
function cutValues(content: string, path: string): string[] {
  const unquoted = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*[^\s'"`#][^\n#]*(?<=[^\s#])#/gm;
  return [...content.matchAll(unquoted)].map(
    ([, name]) => `${name ?? ''} in ${path} has a # in it and is cut there: put the value into single quotes`,
  );
}
