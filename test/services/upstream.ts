import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

export interface Upstream {
  readonly url: string;
  /** What it was asked, in order. */
  readonly requests: IncomingMessage[];
  /** What it answers from now on. */
  behave(listener: RequestListener): void;
  close(): Promise<void>;
}

const open: Upstream[] = [];

/** A service of somebody else, real and on loopback; closed after the test. */
export async function upstream(listener: RequestListener = say(200)): Promise<Upstream> {
  let behaviour = listener;
  const requests: IncomingMessage[] = [];
  const server = createServer((req, res) => {
    requests.push(req);
    req.resume();
    behaviour(req, res);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const started: Upstream = {
    // Listening on a host and port, so it is neither null nor the path of a socket.
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests,
    behave: (next) => void (behaviour = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  open.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

export function say(status: number, body: unknown = { ok: true }, headers: Record<string, string> = {}) {
  return (_req: IncomingMessage, res: ServerResponse): void => {
    res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

/** One behaviour after the other; the last one stays. */
export function inTurn(...behaviours: RequestListener[]): RequestListener {
  let next = 0;
  return (req, res) => {
    behaviours[Math.min(next++, behaviours.length - 1)]?.(req, res);
  };
}

/** Takes the request and says nothing. */
export const hang = (): void => undefined;
