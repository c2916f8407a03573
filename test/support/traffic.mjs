// Clients of a service, as a process of its own, so that neither the service nor a test shares an event loop with them.
// Settings are JSON in the first argument; prints one line once every client was answered, and one with all counts at the end.
//   url, path        what is asked for; a list of urls is taken in turn
//   keepAlive        clients that keep their connection for as long as the service lets them
//   fresh            clients that open a new connection for every request
//   thinkMs          how long a client waits between two requests, on average
//   probe            path of readiness: `outAfterMs` after it first says no, nobody opens a connection any more, as behind a load
//                    balancer. Without it clients go on until they are told to end by SIGTERM, or refused.
import http from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const { url, path, keepAlive = 0, fresh = 0, thinkMs = 100, probe, outAfterMs = 250 } = JSON.parse(process.argv[2]);
const REQUEST_TIMEOUT_MS = 30_000;
const counts = { sent: 0, answered: 0, lost: 0, refused: 0, statuses: {}, problems: {}, told: 0 };
const warm = new Set();
let isOut = false;
let isEnding = false;
process.on('SIGTERM', () => (isEnding = true));

const targets = [url].flat();
let turn = 0;

/** One request; what it says of the connection, or undefined when it failed. */
function ask(agent, isNew) {
  const { hostname, port } = new URL(targets[turn++ % targets.length]);
  counts.sent++;
  return new Promise((resolve) => {
    const failed = (error) => {
      if (error.code === 'ECONNREFUSED') counts.refused++;
      else {
        counts.lost++;
        const what = `${isNew ? 'new' : 'kept'} connection: ${error.code ?? error.message}`;
        counts.problems[what] = (counts.problems[what] ?? 0) + 1;
      }
      resolve(undefined);
    };
    const req = http.get({ hostname, port, path, agent, timeout: REQUEST_TIMEOUT_MS }, (res) => {
      res.on('error', failed).resume();
      res.on('end', () => {
        counts.statuses[res.statusCode] = (counts.statuses[res.statusCode] ?? 0) + 1;
        counts.answered++;
        resolve(res.headers.connection ?? 'keep-alive');
      });
    });
    req.on('timeout', () => req.destroy(new Error('no answer')));
    req.on('error', failed);
  });
}

async function client(index, keeps) {
  // Not all at the same moment.
  await sleep(Math.random() * thinkMs);
  let agent = new http.Agent({ keepAlive: keeps, maxSockets: 1 });
  let isNew = true;
  while (!isEnding && !(isNew && isOut)) {
    const connection = await ask(agent, isNew);
    // One that failed at once is waited for no longer; it stands among the lost.
    warm.add(index);
    if (warm.size === keepAlive + fresh) tellWarm();
    if (connection === undefined) break;
    isNew = !keeps || connection === 'close';
    if (connection === 'close') {
      counts.told++;
      agent.destroy();
      agent = new http.Agent({ keepAlive: keeps, maxSockets: 1 });
    }
    await sleep(thinkMs * (0.5 + Math.random()));
  }
  agent.destroy();
}

let isTold = false;
function tellWarm() {
  if (isTold) return;
  isTold = true;
  print({ warm: true });
}

async function watchReadiness() {
  for (; !isOut && !isEnding; await sleep(25)) {
    const { statusCode } = await statusOf(probe);
    if (statusCode === 200) continue;
    await sleep(outAfterMs);
    isOut = true;
  }
}

function statusOf(at) {
  const { hostname, port } = new URL(targets[0]);
  return new Promise((resolve) => {
    http
      .get({ hostname, port, path: at, agent: new http.Agent() }, (res) => {
        res.resume();
        resolve(res);
      })
      .on('error', () => resolve({ statusCode: 0 }));
  });
}

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const clients = Array.from({ length: keepAlive + fresh }, (_, index) => client(index, index < keepAlive));
if (probe !== undefined) void watchReadiness();
await Promise.all(clients);
isEnding = true;
print(counts);
