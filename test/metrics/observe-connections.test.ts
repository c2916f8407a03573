import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createMetrics, observeConnections } from 'express-runbook';
import { valueOf } from './exposition-value.js';

/** Resolves when the server has accepted them all. */
async function open(server: Server, count: number) {
  const { port } = server.address() as AddressInfo;
  let accepted = 0;
  const all = new Promise<void>((resolve) => {
    server.on('connection', () => {
      if ((accepted += 1) === count) resolve();
    });
  });
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
  await all;
  return sockets;
}

async function listening(): Promise<Server> {
  const server = createServer((_req, res) => res.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

it('shows the open connections of every server on the registry, idle ones too, and forgets closed servers (MET-13)', async () => {
  const metrics = createMetrics({ defaultMetrics: false });
  const connections = async () => valueOf(await metrics.render(), 'http_active_connections');
  const [first, second] = [await listening(), await listening()];
  observeConnections({ registry: metrics.registry, server: first });
  observeConnections({ registry: metrics.registry, server: first });
  observeConnections({ registry: metrics.registry, server: second });
  expect(await connections()).toBe(0);

  const sockets = [...(await open(first, 3)), ...(await open(second, 1))];
  expect(await connections()).toBe(4);

  const closed = once(second, 'close');
  for (const socket of sockets) socket.destroy();
  second.close();
  await closed;
  while ((await connections()) !== 0) await new Promise((resolve) => setImmediate(resolve));
  first.close();
});

it('shows 0 for a server that is not listening yet', async () => {
  const metrics = createMetrics({ defaultMetrics: false });
  observeConnections({ registry: metrics.registry, server: createServer() });
  expect(valueOf(await metrics.render(), 'http_active_connections')).toBe(0);
});

it('refuses to observe nothing', () => {
  const { registry } = createMetrics({ defaultMetrics: false });
  expect(() => observeConnections({ registry } as never)).toThrow('observeConnections.server is required');
});
