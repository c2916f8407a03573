// node test/bench/service-call.mjs: what a guarded call costs beside a bare fetch with the same deadline, over loopback.
// By processor time and turn by turn, so that a neighbour's load falls on all alike. The service is a process of its own.
//   --quick   a smoke run; its figures mean little
/* global fetch, AbortSignal */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Registry } from 'prom-client';
import { median } from './medians.mjs';

const FULL_RUN = { rounds: 60, calls: 500, warmUpRounds: 10 };
const QUICK_RUN = { rounds: 3, calls: 100, warmUpRounds: 1 };
const CONCURRENCY = 10;

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } });
const plan = values.quick ? QUICK_RUN : FULL_RUN;
const { createServiceClient } = await import('../../dist/services.js');

const SERVICE = `
  const server = require('node:http').createServer((req, res) => res.end('{"left":3}'));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
`;
const service = spawn(process.execPath, ['-e', SERVICE], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
try {
  const [port] = await once(service, 'message');
  await compare(`http://127.0.0.1:${port}`);
} finally {
  service.kill();
}

async function compare(baseUrl) {
  const bare = async () => {
    const response = await fetch(`${baseUrl}/items/7`, { signal: AbortSignal.timeout(10_000) });
    return response.json();
  };
  const read = (answer) => answer.json();
  const guarded = (options) => {
    const client = createServiceClient({ name: 'stock', baseUrl, ...options });
    return () => client.call('/items/7', { read });
  };
  const variants = new Map([
    ['bare fetch', bare],
    ['bare fetch again', bare],
    ['guarded', guarded({})],
    ['guarded, with metrics', guarded({ registry: new Registry() })],
  ]);
  const samples = new Map([...variants.keys()].map((name) => [name, []]));
  for (let turn = -plan.warmUpRounds; turn < plan.rounds; turn++) {
    for (const [name, call] of variants) {
      const micros = await round(call);
      if (turn >= 0) samples.get(name).push(micros);
    }
  }
  print(samples);
}

async function round(call) {
  let left = plan.calls;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  const cpu = process.cpuUsage();
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / plan.calls;
}

function print(samples) {
  const bare = samples.get('bare fetch');
  process.stdout.write(
    `${CONCURRENCY} at a time, Node ${process.version}, ${performance.now().toFixed(0)} ms in all\n`,
  );
  for (const [name, own] of samples) {
    const ratio = median(own.map((micros, turn) => micros / bare[turn]));
    const line = `${name.padEnd(24)} ${median(own).toFixed(0).padStart(6)} µs a call   ${ratio.toFixed(2)} x\n`;
    process.stdout.write(line);
  }
}
