import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const { fetch } = globalThis;
const DEADLINE_MS = 20_000;
const SETTINGS = { NODE_ENV: 'test', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', LOG_FORMAT: 'json' };

/** Starts a consumer's service as its own process, and sees from outside that ids, errors, health, metrics and the end work. */
export async function checkService(node, file, { cwd, hasPostgres }) {
  const { PATH } = process.env;
  const child = spawn(node, [file], {
    cwd,
    env: { PATH, ...SETTINGS },
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close');
  const said = [];
  child.stderr.setEncoding('utf8').on('data', (text) => said.push(text));
  try {
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => said.push(line));
    const url = await address(lines, exited);
    await checkRequests(url);
    await checkProbes(url, hasPostgres);
    child.kill('SIGTERM');
    const [status] = await exited;
    assert.equal(status, 0, 'exit status after SIGTERM');
    assert.ok(
      said.some((line) => line.startsWith('{') && JSON.parse(line).requestId === 'consumer-1'),
      'no log line has the request id',
    );
  } catch (error) {
    error.message += `\nIt said:\n${said.slice(-12).join('\n')}`;
    throw error;
  } finally {
    child.kill('SIGKILL');
  }
}

async function address(lines, exited) {
  const listening = new Promise((resolve) => {
    lines.on('line', (line) => {
      if (line.includes('"Server listening"')) resolve(`http://127.0.0.1:${JSON.parse(line).port}`);
    });
  });
  const url = await Promise.race([listening, exited.then(() => undefined)]);
  assert.ok(url, 'the service ended before it listened');
  return url;
}

async function checkRequests(url) {
  const headers = { 'X-Request-ID': 'consumer-1' };
  const hello = await fetch(`${url}/hello/ada`, { headers });
  assert.equal(hello.status, 200);
  assert.deepEqual(await hello.json(), { hello: 'ada', requestId: 'consumer-1' });
  assert.equal(hello.headers.get('x-request-id'), 'consumer-1');
  assert.equal(hello.headers.get('x-content-type-options'), 'nosniff');

  const missing = await fetch(`${url}/missing`, { headers });
  assert.equal(missing.status, 404);
  const error = { code: 404, message: 'Order not found' };
  assert.deepEqual(await missing.json(), { success: false, error, requestId: 'consumer-1' });
}

/** The pool of the consumers leads to a port where nobody listens: the process must live and say so. */
async function checkProbes(url, hasPostgres) {
  assert.equal((await fetch(`${url}/health/live`)).status, 200);
  const ready = await fetch(`${url}/health/ready`);
  assert.equal(ready.status, hasPostgres ? 503 : 200, `/health/ready: ${await ready.text()}`);
  const health = await (await fetch(`${url}/health`)).text();
  assert.equal(health.includes('database'), hasPostgres, health);

  const metrics = await (await fetch(`${url}/metrics`)).text();
  const counted = metrics.split('\n').filter((line) => line.startsWith('http_requests_total{'));
  assert.ok(
    counted.some((line) => line.includes('"/hello/:name"') && line.endsWith(' 1')),
    `/metrics has ${counted.join('\n') || 'no http_requests_total'}`,
  );
}
