import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addressOf } from './address.js';
import { behaviourIn, type Behaviour } from './behaviour.js';

/** A service that somebody else runs in real life, listening on a port of its own. */
export interface StandIn {
  readonly url: string;
  /** How often each of its routes was called, whatever it answered. */
  readonly calls: Readonly<Record<string, number>>;
  /** The latest calls with what came in their headers, but for keys. */
  readonly received: readonly Received[];
  /** What it does from now on; `POST /stand-in?mode=slow&ms=700` does the same from outside. */
  behave(behaviour: Behaviour): void;
  /** Safe to call twice. */
  close(): Promise<void>;
}

interface Received {
  readonly route: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** What a route is asked. */
export interface Asked {
  readonly query: URLSearchParams;
  /** The body as JSON; nothing when there is none. */
  readonly body: unknown;
}

/** What a route answers, by `METHOD /path`. */
type Routes = Readonly<Record<string, (asked: Asked) => object>>;

// More than a stand-in is ever asked with.
const MAX_BODY_BYTES = 4_000_000;
const MAX_RECEIVED = 100;

export interface StandInOptions {
  readonly routes: Routes;
  /** Whether the caller has shown a key. */
  readonly hasKey: (req: IncomingMessage) => boolean;
  /** 0 takes any free port. */
  readonly port?: number;
}

/** Serves on loopback until it is closed. */
export async function startStandIn({ routes, hasKey, port = 0 }: StandInOptions): Promise<StandIn> {
  let behaviour: Behaviour = { mode: 'ok' };
  const calls = Object.fromEntries(Object.keys(routes).map((route) => [route, 0]));
  const received: Received[] = [];

  function control(req: IncomingMessage, res: ServerResponse, query: URLSearchParams): void {
    if (req.method === 'POST') behaviour = behaviourIn(query) ?? behaviour;
    answer(res, 200, { ...behaviour, calls, received: received.map(({ route, headers }) => ({ route, headers })) });
  }

  const server = createServer((req, res) => {
    const body = bodyOf(req);
    const address = addressOf(req);
    if (address === undefined) {
      answer(res, 400, { error: 'no such address' });
      return;
    }
    const { pathname, searchParams } = address;
    if (pathname === '/stand-in') {
      control(req, res, searchParams);
      return;
    }
    const route = `${req.method ?? ''} ${pathname}`;
    const respond = Object.hasOwn(routes, route) ? routes[route] : undefined;
    if (respond === undefined) {
      answer(res, 404, { error: 'no such route' });
      return;
    }
    calls[route] = (calls[route] ?? 0) + 1;
    void body.then((sent) => {
      received.push({ route, headers: withoutKeys(req), body: sent });
      if (received.length > MAX_RECEIVED) received.shift();
      const asked = { query: searchParams, body: sent };
      answerAs(behaviour, res, () => (hasKey(req) ? [200, respond(asked)] : [401, { error: 'invalid key' }]));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // Listening on a host and port, so it is neither null nor the path of a socket.
  const { port: taken } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${String(taken)}`,
    calls,
    received,
    behave: (next) => void (behaviour = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function withoutKeys({ headers }: IncomingMessage): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|api-key)$/.test(name)));
}

/** The port of an address; 0 for any free one where there is none. */
export function portOf(url: string | undefined): number {
  return Number(url === undefined ? 0 : new URL(url).port);
}

function answerAs(behaviour: Behaviour, res: ServerResponse, respond: () => readonly [number, object]): void {
  switch (behaviour.mode) {
    case 'ok':
      answer(res, ...respond());
      return;
    case 'slow':
      setTimeout(() => {
        answer(res, ...respond());
      }, behaviour.ms);
      return;
    case 'fail':
      answer(res, 500, { error: 'it was told to fail' });
      return;
    case 'hang':
  }
}

/** Never rejects: what is no JSON, too much or was broken off counts as nothing. */
async function bodyOf(req: IncomingMessage): Promise<unknown> {
  let text = '';
  try {
    for await (const chunk of req.setEncoding('utf8')) {
      if (text.length < MAX_BODY_BYTES) text += String(chunk);
    }
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function answer(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(`${JSON.stringify(body)}\n`);
}
