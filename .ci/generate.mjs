// Writes the files that are made of the table of variables. Runs after the build: npm run generate.
import { writeFileSync } from 'node:fs';
import { environmentExample, environmentTable } from '../dist/index.js';

const inRepository = (path) => new URL(`../${path}`, import.meta.url);

writeFileSync(inRepository('examples/reference-server/.env.example'), environmentExample());
writeFileSync(inRepository('docs/configuration.md'), environmentTable());
