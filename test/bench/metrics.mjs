// node test/bench/metrics.mjs: what many metric series cost a request (P9), and how long a scrape of many blocks the event
// loop (P10), as ratios inside one run, against the goals. On the built package: npm run build:js first.
import { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createMetrics, httpMetrics } from '../../dist/index.js';
import { median } from './medians.mjs';

const ROUNDS = 25;
const REQUESTS = 20_000;
const WANTED_SERIES = 10_000;

const p9 = await growth();
const p10 = await blockedLoop();
process.stdout.write(
  [
    `Node ${process.version}, medians of ${ROUNDS} interleaved rounds; trust the ratios`,
    `P9   a counted request with 1 000 series: ${p9.full.toFixed(2)} µs, with none: ${p9.empty.toFixed(2)} µs; ratio ${verdict(p9.ratio, 1.1, 1.03)}`,
    `P10  longest block by a scrape of ${p10.series} series: ours ${p10.ours.toFixed(1)} ms, prom-client's own ${p10.theirs.toFixed(1)} ms; ratio ${verdict(p10.ours / p10.theirs, 1, 0.5)}`,
    `     whole scrape: ours ${p10.oursWhole.toFixed(1)} ms, prom-client's own ${p10.theirsWhole.toFixed(1)} ms`,
    '',
  ].join('\n'),
);
process.exit(0);

function verdict(ratio, goal, reachFor) {
  const said = ratio <= reachFor ? 'reached, and what we reach for' : ratio <= goal ? 'reached' : 'MISSED';
  return `${ratio.toFixed(2)} (goal ≤ ${goal}, reach for ${reachFor}): ${said}`;
}

/** The middleware's whole work on one request, without a network, which would hide it. */
async function growth() {
  const variants = { empty: countedBy(0), full: countedBy(1000) };
  const taken = { empty: [], full: [] };
  for (let round = 0; round < ROUNDS + 2; round++) {
    for (const [name, count] of Object.entries(variants)) {
      const micros = count();
      // The first rounds are those in which V8 compiles.
      if (round >= 2) taken[name].push(micros);
      await nextTurn();
    }
  }
  const ratios = taken.full.map((micros, round) => micros / taken.empty[round]);
  return { empty: median(taken.empty), full: median(taken.full), ratio: median(ratios) };
}

function countedBy(series) {
  const metrics = createMetrics({ defaultMetrics: false });
  const middleware = httpMetrics({ registry: metrics.registry, maxSeries: 2000 });
  const pass = (path) => {
    const req = new IncomingMessage();
    req.method = 'GET';
    req.url = path;
    req.baseUrl = '';
    req.route = { path };
    const res = new ServerResponse(req);
    middleware(req, res, () => undefined);
    res.emit('close');
  };
  for (let n = 0; n < series; n++) pass(`/r/route${String(n)}`);
  return () => {
    // Of the processor: what else the machine does is not counted.
    const from = process.cpuUsage();
    for (let n = 0; n < REQUESTS; n++) pass('/users');
    const { user, system } = process.cpuUsage(from);
    return (user + system) / REQUESTS;
  };
}

/** One histogram of http, as a service has it, with enough series, and a counter of the same requests. */
async function blockedLoop() {
  const metrics = createMetrics({ defaultMetrics: false });
  const labelNames = ['method', 'endpoint', 'status'];
  const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2, 2.5, 5, 7.5, 10];
  const spec = { help: 'x', labelNames, maxSeries: Infinity };
  const requests = metrics.counter({ name: 'requests_total', ...spec });
  const durations = metrics.histogram({ name: 'durations_seconds', buckets, ...spec });
  const perEndpoint = buckets.length + 4;
  for (let n = 0; n < WANTED_SERIES / perEndpoint; n++) {
    const labels = { method: 'GET', endpoint: `/api/things/:id/route${String(n)}`, status: '200' };
    requests.inc(labels);
    durations.observe(labels, 0.1);
  }
  const text = await metrics.registry.metrics();
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const taken = { ours: [], theirs: [], oursWhole: [], theirsWhole: [] };
  for (let round = 0; round < ROUNDS + 2; round++) {
    for (const [name, render] of [
      ['ours', () => metrics.render()],
      ['theirs', () => metrics.registry.metrics()],
    ]) {
      const { blockedMs, wholeMs } = await blockedBy(render);
      if (round < 2) continue;
      taken[name].push(blockedMs);
      taken[`${name}Whole`].push(wholeMs);
    }
  }
  const medians = Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, median(values)]));
  return { series, ...medians };
}

/** The longest time between two turns of the loop. */
async function blockedBy(render) {
  let longest = 0;
  let turnAt = performance.now();
  let isOver = false;
  const watch = () => {
    longest = Math.max(longest, performance.now() - turnAt);
    turnAt = performance.now();
    if (!isOver) setImmediate(watch);
  };
  setImmediate(watch);
  await nextTurn();
  const from = performance.now();
  await render();
  const wholeMs = performance.now() - from;
  isOver = true;
  await nextTurn();
  return { blockedMs: longest, wholeMs };
}
