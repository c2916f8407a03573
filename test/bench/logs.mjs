// node test/bench/logs.mjs: express-runbook logs beside jq on the same questions to the same file, and what memory it takes as the
// file grows. Turn by turn (A B A B), whole processes, by the clock: that is what whoever waits sees.
//   --quick   a smoke run on a small file; its figures mean little
//   --mb <n>  another size of the file
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './medians.mjs';

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, mb: { type: 'string' } } });
const megabytes = Number(values.mb ?? (values.quick ? 20 : 200));
const ROUNDS = values.quick ? 1 : 3;
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
// Of the young generation there may be three times as much beside it.
const HEAP_MB = 32;
// What buffers not yet collected make of a longer run; a file held in memory would be far more.
const GROWTH_MB = 40;
const ID = '550e8400-e29b-41d4-a716-446655440000';

const QUESTIONS = [
  ['errors', `select(.level == "error")`, ['show', '--level', 'error', '--json']],
  ['answers of 5xx', `select(.statusCode >= 500)`, ['show', '--status', '500-', '--json']],
  ['one request id', `select(.requestId == "${ID}")`, ['show', '--request', ID, '--json']],
  ['slower than a second', `select(.duration > 1000)`, ['show', '--longer-than', '1000', '--json']],
  ['the last hour', `select(.timestamp > "2026-11-20T01:00:00")`, ['show', '--since', '2026-11-20T01:00:00', '--json']],
  // jq has still to count what it prints here.
  ['count by URL', `select(.url != null) | .url`, ['endpoints', '--by', 'url', '--json']],
];

const folder = mkdtempSync(join(tmpdir(), 'bench-logs-'));
try {
  const file = join(folder, 'app.log');
  await generate(file, megabytes);
  process.stdout.write(`${megabytes} MB, ${statSync(file).size} bytes; ${ROUNDS} rounds, medians\n`);
  for (const question of QUESTIONS) await compare(file, ...question);
  await memory();
} finally {
  rmSync(folder, { recursive: true });
}

/** Request lines of an API, a hundredth of them failed; the one that is looked for near the end. */
async function generate(path, size) {
  const out = createWriteStream(path);
  let at = Date.parse('2026-11-20T00:00:00Z');
  for (let bytes = 0, line = 0; bytes < size * 1e6;) {
    let block = '';
    while (block.length < 1 << 20) {
      line++;
      at += 37;
      block += `${JSON.stringify(requestLine(line, at, bytes > size * 0.9e6 ? ID : randomUUID()))}\n`;
    }
    bytes += block.length;
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

function requestLine(line, at, requestId) {
  const statusCode = line % 97 === 0 ? 500 : line % 31 === 0 ? 404 : 200;
  const level = statusCode === 500 ? 'error' : 'info';
  return {
    level,
    timestamp: new Date(at).toISOString(),
    pid: 4711,
    service: 'builder-api',
    version: '1.0.0',
    environment: 'production',
    requestId: line % 1000 === 0 ? requestId : randomUUID(),
    correlationId: randomUUID(),
    method: 'GET',
    url: `/api/users/${line % 1000}?page=${line % 7}`,
    statusCode,
    duration: (line * 7919) % 1100,
    msg: 'Request completed',
    userId: String(line % 500),
    route: '/api/users/:id',
    severity: level.toUpperCase(),
  };
}

async function compare(file, what, filter, args) {
  const taken = { jq: [], ours: [] };
  const lines = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, command] of [
      ['jq', ['jq', '-c', filter, file]],
      ['ours', [process.execPath, CLI, 'logs', args[0], file, ...args.slice(1)]],
    ]) {
      const startedAt = performance.now();
      lines[name] = await linesOf(command);
      taken[name].push(performance.now() - startedAt);
    }
  }
  const [jq, ours] = [median(taken.jq), median(taken.ours)];
  const isSame = args[0] !== 'show' || lines.jq === lines.ours;
  process.stdout.write(
    `${what}: jq ${seconds(jq)}, ours ${seconds(ours)}: ${(ours / jq).toFixed(2)} of jq, goal ≤ 1: ` +
      `${isSame ? (ours <= jq ? 'reached' : 'missed') : `WRONG, ${lines.ours} lines for ${lines.jq}`}\n`,
  );
  if (!isSame) process.exitCode = 1;
}

/** How many lines it prints. */
async function linesOf([program, ...args]) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let lines = 0;
  child.stdout.on('data', (chunk) => {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return lines;
}

/** The same command on a file of an eighth and of the whole size, with a heap that holds neither. */
async function memory() {
  for (const args of [
    ['show', '--level', 'error'],
    ['errors'],
    ['endpoints', '--by', 'url'],
    ['volume'],
    ['trace', ID],
  ]) {
    const peaks = [];
    for (const size of [megabytes / 8, megabytes]) {
      const file = join(folder, `${size}.log`);
      if (statSync(file, { throwIfNoEntry: false }) === undefined) await generate(file, size);
      const words = args[0] === 'trace' ? [...args, file] : [args[0], file, ...args.slice(1)];
      peaks.push(await peakOf(words));
    }
    const [small, large] = peaks.map((kilobytes) => kilobytes / 1000);
    const growth = large - small;
    process.stdout.write(
      `logs ${args[0]}: at most ${small.toFixed(0)} MB resident for ${megabytes / 8} MB, ${large.toFixed(0)} MB for ${megabytes} MB ` +
        `(heap limited to ${HEAP_MB} MB): ${growth < GROWTH_MB ? 'flat' : 'GROWS'}\n`,
    );
    if (growth >= GROWTH_MB) process.exitCode = 1;
  }
}

/** In kilobytes, as the process says of itself at its end. */
async function peakOf(args) {
  const told = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))`;
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, '--import', told, CLI, 'logs', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`logs ${args[0]} ended with ${code}: ${stderr}`);
  return Number(/peak (\d+)/.exec(stderr)[1]);
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`;
}
