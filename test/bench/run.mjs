// npm run bench: how fast the built package is beside what teams run otherwise. Method and figures: docs/performance.md.
//   -- --quick               a smoke run of under a minute; its figures mean little
//   -- --against <checkout>  also the full stack of another checkout, built, in the same run
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

// Until some ten thousand requests V8 is still compiling a variant, and the larger stacks lose most: all are warmed up by the
// same number of requests. The slowest reach the limit before.
const FULL_RUN = {
  generations: 2,
  rounds: 24,
  roundMs: 350,
  warmUpRequests: 30_000,
  warmUpLimitMs: 15_000,
  imports: 9,
  connections: 50,
};
const QUICK_RUN = { ...FULL_RUN, generations: 1, rounds: 3, roundMs: 300, warmUpLimitMs: 1500, imports: 3 };

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, against: { type: 'string' } } });
const here = import.meta.dirname;
install();
// After the installation: their libraries are only there now.
const { checkAnswer } = await import('./answers.mjs');
const { measureImports } = await import('./imports.mjs');
const { median } = await import('./medians.mjs');
const { startLoad, startServer } = await import('./processes.mjs');
const { report } = await import('./report.mjs');
const { USER_PATH } = await import('./servers/user.mjs');
const { VARIANTS } = await import('./variants.mjs');

const plan = values.quick ? QUICK_RUN : FULL_RUN;
const root = resolve(here, '../..');
const variants = VARIANTS.flatMap((variant) => withOther(variant, values.against));
const samples = new Map(variants.map(({ id }) => [id, []]));

const load = await startLoad();
for (let generation = 1; generation <= plan.generations; generation++) await measure(generation);
await load.stop();
const imports = measureImports(root, plan.imports);
process.stdout.write(report(variants, figuresOf(samples), imports, plan));

/** The bench's own dependencies, apart from those of the repository. */
function install() {
  const isNewer = (path, than) => {
    try {
      return statSync(join(here, path)).mtimeMs >= statSync(join(here, than)).mtimeMs;
    } catch {
      return false;
    }
  };
  if (isNewer('node_modules/.package-lock.json', 'package-lock.json')) return;
  const { status } = spawnSync('npm', ['ci', '--prefix', here, '--workspaces=false'], { cwd: here, stdio: 'inherit' });
  if (status !== 0) throw new Error('npm ci of the benchmark failed');
}

function withOther(variant, checkout) {
  if (variant.module !== 'full-stack' || checkout === undefined) return [variant];
  const other = {
    ...variant,
    of: variant.id,
    id: `${variant.id}Other`,
    label: `${variant.label}: ${checkout}`,
    checkout,
  };
  return [variant, other];
}

/** One set of fresh processes: what V8 makes of a program differs from process to process. */
async function measure(generation) {
  const folder = mkdtempSync(join(tmpdir(), 'express-runbook-bench-'));
  const servers = new Map();
  try {
    for (const variant of variants.filter(({ server }) => server === undefined)) {
      const { of = variant.id, module, checkout = root } = variant;
      servers.set(variant.id, await startServer({ id: variant.id, name: of, module }, checkout, folder));
    }
    const serverOf = ({ id, server = id }) => servers.get(server);
    for (const variant of variants) await checkAnswer(variant, serverOf(variant));
    for (const variant of variants) await warmUp(variant, serverOf(variant));
    for (let turn = 1; turn <= plan.rounds; turn++) {
      process.stderr.write(`\rgeneration ${generation} of ${plan.generations}, round ${turn} of ${plan.rounds} `);
      for (const variant of variants) {
        samples.get(variant.id).push(await round(variant, serverOf(variant), plan.roundMs));
      }
    }
    process.stderr.write('\n');
  } finally {
    for (const server of servers.values()) await server.stop();
    rmSync(folder, { recursive: true });
  }
}

async function warmUp(variant, server) {
  const endsAt = performance.now() + plan.warmUpLimitMs;
  for (let sent = 0; sent < plan.warmUpRequests && performance.now() < endsAt;) {
    sent += (await round(variant, server, Math.min(500, plan.warmUpLimitMs))).requests;
  }
}

async function round({ path }, server, durationMs) {
  const before = await server.cpuMicros();
  const { requests, seconds, p99Ms } = await load.run({
    port: server.port,
    path: path ?? USER_PATH,
    connections: plan.connections,
    durationMs,
  });
  const after = await server.cpuMicros();
  server.emptyLog();
  return { requests, perSecond: requests / seconds, cpuMicros: (after - before) / requests, p99Ms };
}

function figuresOf(taken) {
  const names = ['perSecond', 'cpuMicros', 'p99Ms'];
  const of = (rounds) => Object.fromEntries(names.map((name) => [name, median(rounds.map((one) => one[name]))]));
  return Object.fromEntries([...taken].map(([id, rounds]) => [id, of(rounds)]));
}
