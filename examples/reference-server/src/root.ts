import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of this server: `.env`, `logs/`, `migrations/` and `seeds/` lie here, from wherever it is started. */
export const ROOT = join(__dirname, '..');

export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
