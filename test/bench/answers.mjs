/* global fetch */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { USER, USER_PATH } from './servers/user.mjs';

/** A variant that answers wrong, or leaves out what the others do, is not measured: the benchmark ends. */
export async function checkAnswer({ id, path = USER_PATH, gives = [] }, { port, log }) {
  const res = await fetch(`http://127.0.0.1:${port}${path}`);
  const body = await res.json();
  assert.equal(res.status, 200, `${id} answered ${res.status}`);
  if (path === USER_PATH) assert.deepEqual(body, USER, `${id} answered something else`);
  else assert.equal(body.status, 'ok', `${id} is not healthy`);
  for (const name of gives) assert.ok(res.headers.has(name), `${id} gives no header ${name}`);
  if (gives.length > 0) await checkTraces(id, port, log);
}

/** The access line and the duration histogram of the request above. */
async function checkTraces(id, port, log) {
  // Written after the answer.
  await sleep(100);
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes(USER_PATH));
  assert.equal(lines.length, 1, `${id} wrote ${lines.length} lines for one request`);
  const res = await fetch(`http://127.0.0.1:${port}/metrics`);
  assert.match(await res.text(), /^http_request_duration_seconds_count\{[^}]*\} 1$/m, `${id} did not time the request`);
}
