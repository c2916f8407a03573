import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeReceiver {
  /** On 127.0.0.1. */
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** The bodies, parsed. */
  // What they hold is for the test to look at.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  bodies(): any[];
  close(): Promise<void>;
}

/** What a receiver does with a request that it has read. */
export type Behaviour = (res: ServerResponse, number: number) => void;

export const answering =
  (status: number, headers: Record<string, string> = {}, body = ''): Behaviour =>
  (res) =>
    res.writeHead(status, headers).end(body);

/** Really listens. */
export async function fakeReceiver(behave: Behaviour = answering(200, {}, 'ok')): Promise<FakeReceiver> {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (text: string) => (body += text));
    req.on('end', () => {
      received.push({ path: req.url ?? '', headers: req.headers, body });
      behave(res, received.length);
    });
    // Who posts may leave at any moment.
    for (const stream of [req, res]) stream.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    bodies: () => received.map(({ body }) => JSON.parse(body)),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
