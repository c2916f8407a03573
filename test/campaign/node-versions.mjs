import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finished, succeeded } from '../consumers/bounded-process.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// Beside the one that CI runs on.
const VERSIONS = ['22', '24'];
const MINUTE_MS = 60_000;

/** The server under Express, how it ends, and the packed package in the hands of its users; the shortest form is the newest server alone. */
export async function nodeVersions({ isSmoke, row }) {
  const isBuilt = !isSmoke && (await row('the package, built with its types', built));
  for (const version of isSmoke ? VERSIONS.slice(-1) : VERSIONS) {
    let node = '';
    const isThere = await row(`Node ${version}`, async () => {
      node = await binaryOf(version);
      return (await succeeded(node, ['--version'], { cwd: ROOT })).stdout.trim();
    });
    if (!isThere) continue;
    await row(`test/server on Node ${version}`, () => testsPass([node], ['test/server']));
    if (!isSmoke) await shutdownOn(version, node, row);
    if (isBuilt) await row(`test/consumers on Node ${version}`, () => consumersWork(node));
  }
}

/** Signals, crashes and every kind of connection; then SIGTERM and SIGINT under load. */
async function shutdownOn(version, node, row) {
  await row(`test/shutdown on Node ${version}`, () => testsPass([node], ['test/shutdown']));
  const env = { ...process.env, LONG_TESTS: '1' };
  await row(`SIGTERM under load on Node ${version}`, () => testsPass([node], ['test/shutdown/load'], env));
}

/** Once for all, and with more time than a single run of the consumers gives it. */
async function built() {
  await succeeded('npm', ['run', 'build', '--', '--silent'], { cwd: ROOT, timeoutMs: 10 * MINUTE_MS });
  return 'ok';
}

/** From the npm package `node`, which npm keeps in its cache. Its path, because npm sets the variable NODE to its own. */
async function binaryOf(version) {
  const args = ['-y', `node@${version}`, '-p', 'process.execPath'];
  const { stdout } = await succeeded('npx', args, { cwd: tmpdir(), timeoutMs: 5 * MINUTE_MS });
  return stdout.trim();
}

/** Runs the tests that vitest's arguments name; says how many passed, or throws with what failed. */
export async function testsPass([node, ...before], tests, env = process.env) {
  const folder = await mkdtemp(join(tmpdir(), 'campaign-'));
  try {
    const report = join(folder, 'report.json');
    const args = [
      ...before,
      'node_modules/vitest/vitest.mjs',
      'run',
      ...tests,
      '--reporter=json',
      `--outputFile=${report}`,
    ];
    const { status, signal, all } = await finished(node, args, { cwd: ROOT, env, timeoutMs: 20 * MINUTE_MS });
    const text = await readFile(report, 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error(`no report; ended with ${status ?? signal}\n${lastLines(all)}`);
    return countsOf(JSON.parse(text), status);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function countsOf({ numPassedTests: passed, numFailedTests: failed, testResults }, status) {
  if (status === 0 && failed === 0 && passed > 0) return `${passed} passed`;
  const titles = testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message ? [`${name}: ${message}`] : []),
    ...assertionResults.filter((one) => one.status === 'failed').map(({ fullName }) => fullName),
  ]);
  throw new Error([`${passed} passed, ${failed} failed, exit status ${status}`, ...titles.slice(0, 20)].join('\n'));
}

async function consumersWork(node) {
  const args = ['test/consumers/run.mjs', '--built', `--node=${node}`];
  const { status, signal, all } = await finished(process.execPath, args, { cwd: ROOT, timeoutMs: 15 * MINUTE_MS });
  if (status !== 0) throw new Error(`ended with ${status ?? signal}\n${lastLines(all)}`);
  return /\d+ of \d+ consumers work/.exec(all)?.[0] ?? 'work';
}

function lastLines(text) {
  return text.trim().split('\n').slice(-25).join('\n');
}
