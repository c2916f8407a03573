/* global fetch, AbortSignal */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from 'express-runbook/testing';
import { pm2Service, WORKERS } from './pm2-service.mjs';

const SETTLE_TIMEOUT_MS = 10_000;

/** `/metrics` of the built reference server in pm2's cluster mode: whichever worker is asked tells of the whole service, also over a reload. */
export async function pm2Metrics({ isSmoke, row }) {
  const postgres = await startEmbeddedPostgres({ from: import.meta.url });
  const folder = await mkdtemp(join(tmpdir(), 'campaign-pm2-'));
  try {
    const service = await pm2Service(folder, postgres.url);
    if (!(await row('pm2 7', () => service.install()))) return;
    try {
      const isUp = await row(`${WORKERS} workers`, () => service.start());
      const work = { requests: isSmoke ? 40 : 400, scrapes: isSmoke ? 20 : 200 };
      if (isUp && (await row('totals of both', () => totals(service, work)))) {
        await row('totals over a reload', () => totalsOverReload(service, work.requests));
      }
    } finally {
      await service.kill();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function totals(service, { requests, scrapes }) {
  await work(service, requests);
  await settled(service, requests);
  for (let n = 0; n < scrapes; n++) expectSame(await totalOf(service), requests);
  const answered = await service.answered();
  if (answered.length !== WORKERS || answered.includes(0)) throw new Error(`one worker did all: ${answered.join()}`);
  return `${scrapes} scrapes say ${requests} (${answered.join(' + ')})`;
}

/** Prometheus takes a counter that falls for a restart. */
async function totalsOverReload(service, requests) {
  const seen = new Set();
  let isDone = false;
  const reloaded = service.reload().finally(() => (isDone = true));
  let scrapes = 0;
  for (; !isDone; scrapes++) seen.add(await totalOf(service));
  await reloaded;
  seen.add(await totalOf(service));
  if ([...seen].join() !== String(requests)) throw new Error(`${requests} became ${[...seen].join()}`);
  await work(service, requests);
  await settled(service, 2 * requests);
  return `${scrapes} scrapes say ${requests}, afterwards ${2 * requests}`;
}

async function work({ url }, requests) {
  for (let n = 0; n < requests; n++) expectSame((await get(`${url}/dev/items/7`)).status, 200);
}

/** Requests are counted once they are over, a moment after their answer. */
async function settled(service, expected) {
  const until = Date.now() + SETTLE_TIMEOUT_MS;
  while ((await totalOf(service)) !== expected && Date.now() < until);
  expectSame(await totalOf(service), expected);
}

async function totalOf({ url }) {
  const text = await (await get(`${url}/metrics`)).text();
  const value = /^http_requests_total\{method="GET",endpoint="\/dev\/items\/:id",status="200"\} (\d+)$/m.exec(
    text,
  )?.[1];
  return value === undefined ? undefined : Number(value);
}

/** On a connection of its own, so that the next worker has its turn. */
function get(url) {
  return fetch(url, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(SETTLE_TIMEOUT_MS) });
}

function expectSame(actual, expected) {
  if (actual !== expected) throw new Error(`${actual} instead of ${expected}`);
}
