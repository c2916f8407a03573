import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';

/** What became of a generated file. */
export interface GeneratedFile {
  readonly path: string;
  readonly state: 'new' | 'changed' | 'unchanged';
}

/** Writes what is new or different, or only says what would be; texts by their path below the folder. */
export async function writtenFiles(
  folder: string,
  texts: Readonly<Record<string, string>>,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<GeneratedFile[]> {
  const files: GeneratedFile[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, name);
    try {
      const state = await stateOf(path, text);
      if (state !== 'unchanged' && !isDryRun) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
      }
      files.push({ path, state });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError(visible(`cannot write ${path}: ${reason}`), EXIT.failed);
    }
  }
  return files;
}

async function stateOf(path: string, text: string): Promise<GeneratedFile['state']> {
  try {
    return (await readFile(path, 'utf8')) === text ? 'unchanged' : 'changed';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'new';
    throw error;
  }
}
