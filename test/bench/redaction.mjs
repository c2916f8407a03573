// node test/bench/redaction.mjs: what full redaction costs a line, against bare pino, for an object of 1 kB (P8).
// By processor time, turn by turn, so that a neighbour's load falls on all alike. A few seconds.
//   --quick   a smoke run; its figures mean little
import { pino } from 'pino';
import { parseArgs } from 'node:util';
import { median } from './medians.mjs';

const FULL_RUN = { rounds: 60, lines: 1000, warmUpRounds: 20 };
const QUICK_RUN = { rounds: 5, lines: 500, warmUpRounds: 4 };

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } });
const plan = values.quick ? QUICK_RUN : FULL_RUN;
const { createLogger } = await import('../../dist/index.js');

const CLEAN = {
  orderId: 'ord_20261122_000417',
  customer: { id: 'c-1829', name: 'Ann Miller', city: 'Amsterdam', tags: ['new', 'eu'], since: '2024-03-01T10:00:00Z' },
  items: [
    { sku: 'A-1', title: 'Desk lamp, brushed steel', quantity: 2, price: 39.9 },
    { sku: 'B-77', title: 'Office chair with arm rests', quantity: 1, price: 249 },
    { sku: 'C-3', title: 'Cable tray', quantity: 4, price: 12.5 },
  ],
  shipping: {
    method: 'express',
    carrier: 'DHL',
    address: { street: 'Keizersgracht 1', zip: '1015 CJ', country: 'NL' },
    note: 'Please ring twice; the bell at the left door is broken since Monday, and nobody hears a knock.',
  },
  payment: { provider: 'adyen', status: 'authorised', amount: 378.8, currency: 'EUR', reference: 'f81d4fae7dec11d0' },
  url: '/api/v1/orders?page=2&sort=price&expand=items',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  attempts: 1,
  isPaid: true,
};
const WITH_SECRETS = {
  ...CLEAN,
  customer: { ...CLEAN.customer, password: 'S3cr3tV4lue!' },
  payment: { ...CLEAN.payment, apiKey: 'ck_live_1234S3cr3tV4lue', cardNumber: '4111111111111111' },
  url: '/api/v1/orders?page=2&token=S3cr3tV4lue',
  headers: { authorization: 'Bearer mF_9.B5f-4.1JqM', cookie: 'sid=S3cr3tV4lue' },
};
const SECRETS = Array.from({ length: 8 }, (_, index) => `r3gistered/Secret+${index}==`);

const sink = { write() {} };
const bare = pino({}, sink);
const alike = pino(
  { timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
  sink,
);
const ours = createLogger({ stdout: sink });
ours.registerSecrets(SECRETS);
const off = createLogger({ stdout: sink, redact: false });

for (const [what, object, goal, reachFor] of [
  ['without secrets', CLEAN, 0.7, 0.85],
  ['with secrets', WITH_SECRETS, 0.5, 0.7],
]) {
  print(what, object, measured({ bare, alike, off, ours }, object), goal, reachFor);
}

/** Microseconds of processor time for one line, by logger. */
function measured(loggers, object) {
  const samples = Object.fromEntries(Object.keys(loggers).map((name) => [name, []]));
  for (let turn = -plan.warmUpRounds; turn < plan.rounds; turn++) {
    for (const [name, logger] of Object.entries(loggers)) {
      const before = process.cpuUsage();
      for (let line = 0; line < plan.lines; line++) logger.info(object, 'Order placed');
      const { user, system } = process.cpuUsage(before);
      if (turn >= 0) samples[name].push((user + system) / plan.lines);
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, taken]) => [name, median(taken)]));
}

function print(what, object, micros, goal, reachFor) {
  const ratio = micros.bare / micros.ours;
  const verdict = ratio >= goal ? (ratio >= reachFor ? 'reached, and what we reach for' : 'reached') : 'missed';
  const figures = Object.entries(micros).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  process.stdout.write(
    `P8, ${what}, ${JSON.stringify(object).length} bytes: ${ratio.toFixed(2)} of bare pino, goal ≥ ${goal}: ${verdict}\n` +
      `    µs a line: ${figures.join(', ')} (alike: pino with ISO time and level names; off: ours without redaction)\n`,
  );
}
