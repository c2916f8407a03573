import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface SystemFiles {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly write: (path: string, content: string | number) => void;
}

/** A folder with files as the kernel would show them below `/`; gone after the test. */
export function systemWith(files: Record<string, string | number>): SystemFiles {
  const root = mkdtempSync(join(tmpdir(), 'system-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  const write = (path: string, content: string | number): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${content}\n`);
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { root, write };
}
