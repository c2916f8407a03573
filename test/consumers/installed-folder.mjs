import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { succeeded } from './bounded-process.mjs';
import { MANIFEST } from './packed-tarball.mjs';

const { devDependencies } = MANIFEST;
const EXPRESS = {
  4: { express: devDependencies.express4.replace('npm:express@', ''), '@types/express': '4.17.25' },
  5: { express: devDependencies.express, '@types/express': devDependencies['@types/express'] },
};
const POSTGRES = {
  pg: devDependencies.pg,
  '@types/pg': devDependencies['@types/pg'],
  'graphile-worker': devDependencies['graphile-worker'],
};

/**
 * A folder with the tarball, one major of Express, perhaps pg and what works with it, and the types that a user of those installs; nothing of the
 * repository. The projects lie in it, side by side.
 */
export async function installedFolder(parent, { tarball, projects, express, hasPostgres }) {
  const folder = join(parent, `express${express}${hasPostgres ? '-pg' : ''}`);
  await mkdir(folder);
  const dependencies = {
    'express-runbook': `file:${tarball}`,
    '@types/node': devDependencies['@types/node'],
    ...EXPRESS[express],
    ...(hasPostgres && POSTGRES),
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  for (const project of projects)
    await cp(new URL(project, import.meta.url), join(folder, project), { recursive: true });
  await succeeded('npm', ['install', '--prefer-offline', '--no-package-lock', '--ignore-scripts'], { cwd: folder });
  return folder;
}
