// node test/bench/limiter.mjs: what 100 000 known clients cost a limited request (P9), as a ratio inside one run, against the
// goal. On the built package: npm run build:js first.
//   --quick   a smoke run; its figures mean little
import { IncomingMessage, ServerResponse } from 'node:http';
import { parseArgs } from 'node:util';
import { rateLimiter } from '../../dist/index.js';
import { median } from './medians.mjs';

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } });
const ROUNDS = values.quick ? 3 : 25;
const REQUESTS = 10_000;
const CLIENTS = 100_000;
const GOAL = 1.1;
// The first rounds are those in which V8 compiles.
const WARM_UP_ROUNDS = 2;

const addressOf = (n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
const one = () => addressOf(1);
const variants = {
  empty: { ask: limited(), address: one },
  full: { ask: limited(), address: one },
  spread: { ask: limited(), address: (n) => addressOf((n * 7919) % CLIENTS) },
};
for (let n = 0; n < CLIENTS; n++) {
  await variants.full.ask(addressOf(n));
  await variants.spread.ask(addressOf(n));
}

const taken = { empty: [], full: [], spread: [] };
for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
  for (const [name, { ask, address }] of Object.entries(variants)) {
    const from = process.cpuUsage();
    for (let n = 0; n < REQUESTS; n++) await ask(address(n));
    const { user, system } = process.cpuUsage(from);
    if (round >= WARM_UP_ROUNDS) taken[name].push((user + system) / REQUESTS);
  }
}

const ratio = (name) => median(taken[name].map((micros, round) => micros / taken.empty[round]));
const micros = (name) => `${median(taken[name]).toFixed(2)} µs`;
process.stdout.write(
  [
    `Node ${process.version}, medians of ${ROUNDS} interleaved rounds; trust the ratios`,
    `P9   a limited request of one client beside 100 000 others: ${micros('full')}, alone: ${micros('empty')}; ratio ${ratio('full').toFixed(2)} (goal ≤ ${GOAL}): ${ratio('full') <= GOAL ? 'reached' : 'MISSED'}`,
    `     each request of another of 100 000 clients: ${micros('spread')}, ${ratio('spread').toFixed(2)}: their addresses are no longer in the processor's cache`,
    '',
  ].join('\n'),
);

/** The middleware's whole work on one request, without a network, which would hide it. */
function limited() {
  const middleware = rateLimiter({ max: 1_000_000_000, windowMs: 2 ** 31 - 1, maxKeys: 4 * CLIENTS });
  return (ip) => {
    const req = new IncomingMessage();
    Object.assign(req, { method: 'GET', url: '/users', ip, app: { get: () => false } });
    const res = new ServerResponse(req);
    return new Promise((resolve, reject) => {
      middleware(req, res, (error) => (error === undefined ? resolve() : reject(error)));
    });
  };
}
