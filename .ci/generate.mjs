// Writes the files that are made of tables. Runs after the build: npm run generate.
import { writeFileSync } from 'node:fs';
import { environmentExample, environmentTable } from '../dist/index.js';
import { dashboard } from './dashboard.mjs';

const inRepository = (path) => new URL(`../${path}`, import.meta.url);

writeFileSync(inRepository('examples/reference-server/.env.example'), environmentExample());
writeFileSync(inRepository('docs/configuration.md'), environmentTable());
writeFileSync(inRepository('examples/reference-server/deploy/monitoring/grafana/dashboards/backend.json'), dashboard());
