import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failStart } from '../fail.js';
import { fromRoot, loadSettings } from '../settings.js';
import { documentOf } from './service-document.js';

// `npm run docs:generate`: the document that /api-docs shows, as a file.
async function main([path = 'docs/openapi.json']: readonly string[]): Promise<void> {
  const file = fromRoot(path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(documentOf(loadSettings()), undefined, 2)}\n`);
  process.stdout.write(`wrote ${file}\n`);
}

main(process.argv.slice(2)).catch(failStart);
