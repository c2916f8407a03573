// Uses the packed tarball as other teams do: small projects in ESM, CommonJS and TypeScript, on Express 4 and 5, with and
// without pg, each in a folder of its own below the system's temporary folder. Needs the npm registry or a filled npm cache.
//
//   node test/consumers/run.mjs            builds, packs, installs, runs everything; exit code 1 when a cell fails
//   node test/consumers/run.mjs --built    takes dist as it is (it must have been built with types: npm run build)
//   node test/consumers/run.mjs --keep     leaves the folders for a look
//
// The consumers run on the Node that runs this file, or on the one that --node names (the variable NODE cannot be used: npm
// and npx set it to their own):
//
//   npx -y node@22 test/consumers/run.mjs --built
//   node test/consumers/run.mjs --built --node=/opt/node-24/bin/node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { succeeded } from './bounded-process.mjs';
import { installedFolder } from './installed-folder.mjs';
import { packedTarball } from './packed-tarball.mjs';
import { PROJECTS } from './projects.mjs';
import { checkService } from './service-checks.mjs';

const { values: wanted } = parseArgs({
  options: {
    built: { type: 'boolean' },
    keep: { type: 'boolean' },
    node: { type: 'string', default: process.execPath },
  },
});
const { node } = wanted;
const projects = Object.keys(PROJECTS);
const installs = [4, 5].flatMap((express) => [false, true].map((hasPostgres) => ({ express, hasPostgres })));
const startedAt = Date.now();
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

const parent = await mkdtemp(join(tmpdir(), 'runbook-consumers-'));
let rows;
try {
  const { stdout: version } = await succeeded(node, ['--version'], { cwd: parent });
  const tarball = await packedTarball(parent, { isBuilt: wanted.built ?? false });
  console.log(`Packed after ${seconds(startedAt)}; consumers on Node ${version.trim()}`);
  // Two at a time: what takes the time are compilers.
  rows = (await Promise.all([0, 1].map((lane) => runLane(tarball, lane)))).flat();
} finally {
  if (wanted.keep) console.log(`Left in ${parent}`);
  else await rm(parent, { recursive: true, force: true });
}
report(rows);

async function runLane(tarball, lane) {
  const done = [];
  for (const install of installs.filter((_, index) => index % 2 === lane)) {
    const folder = await installedFolder(parent, { tarball, projects, ...install });
    for (const project of projects) done.push(await runCell(project, { ...install, cwd: join(folder, project) }));
  }
  return done;
}

async function runCell(project, { express, hasPostgres, cwd }) {
  const cellStartedAt = Date.now();
  const at = { node, cwd, hasPostgres };
  const { make, refuses, more } = PROJECTS[project];
  let problem = '';
  try {
    const file = await make(hasPostgres ? 'with-postgres' : 'without-postgres', at);
    await checkService(node, file, at);
    await more(at);
    if (!hasPostgres) await refuses(at);
  } catch (error) {
    problem = error.message;
  }
  return { project, express, pg: hasPostgres ? 'with' : 'without', problem, took: seconds(cellStartedAt) };
}

function report(cells) {
  const line = (...columns) =>
    console.log(
      columns
        .map((column) => String(column).padEnd(13))
        .join('')
        .trimEnd(),
    );
  cells.sort(
    (one, other) => projects.indexOf(one.project) - projects.indexOf(other.project) || one.express - other.express,
  );
  line('project', 'Express', 'pg', 'result', 'took');
  for (const { project, express, pg, problem, took } of cells)
    line(project, express, pg, problem ? 'FAILED' : 'ok', took);
  const failed = cells.filter(({ problem }) => problem);
  for (const { project, express, pg, problem } of failed) {
    console.error(`\n${project}, Express ${express}, ${pg} pg:\n${problem}`);
  }
  console.log(`${cells.length - failed.length} of ${cells.length} consumers work, ${seconds(startedAt)}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
