// Writes the files that are made of tables. Runs after the build: npm run generate.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { environmentExample, environmentTable } from '../dist/index.js';
import { MONITORING_CALLS } from './monitoring.mjs';
import { createReference } from './options-tables.mjs';

const inRepository = (path) => new URL(`../${path}`, import.meta.url);

writeFileSync(inRepository('examples/reference-server/.env.example'), environmentExample());
writeFileSync(inRepository('docs/configuration.md'), environmentTable());

const program = fileURLToPath(inRepository('dist/cli.js'));
for (const call of MONITORING_CALLS) {
  execFileSync(process.execPath, [program, ...call], {
    cwd: inRepository('.'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

for (const { path, filled } of createReference(fileURLToPath(inRepository('.'))).pages)
  writeFileSync(inRepository(path), filled);
