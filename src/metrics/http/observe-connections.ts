import type { Server } from 'node:net';
import type { Gauge, Registry } from 'prom-client';
import { hasMethods, isRegistry } from '../../core/checks.js';
import { requireOption, resolveOptions } from '../../core/options.js';
import { gauge } from '../../instruments/instruments.js';

export interface ConnectionsOptions {
  /** Where to show it; required. */
  registry: Registry;
  /** The `http.Server`, or any other of `node:net`, listening already or not; required. */
  server: Server;
}

/**
 * Shows the open connections of a server as `http_active_connections`, idle keep-alive ones and the scraper's own
 * included. Read from the server at each scrape, so it costs a request nothing. Several servers on one registry are
 * added up; one that has closed no longer counts.
 */
export function observeConnections(options: ConnectionsOptions): void {
  const { registry, server } = resolveOptions(
    'observeConnections',
    options,
    {},
    {
      registry: isRegistry,
      server: hasMethods('getConnections', 'once'),
    },
  );
  requireOption('observeConnections', 'registry', registry, 'createMetrics() makes one');
  requireOption('observeConnections', 'server', server, 'app.listen() returns one');
  const servers = serversOf(connectionsGauge(registry));
  servers.add(server);
  server.once('close', () => servers.delete(server));
}

// On the gauge itself: whoever observes a second server finds the first one's.
const SERVERS = Symbol.for('express-runbook.observed-servers.v0');

interface WithServers extends Gauge {
  [SERVERS]?: Set<Server>;
}

function serversOf(owner: WithServers): Set<Server> {
  return (owner[SERVERS] ??= new Set());
}

function connectionsGauge(registry: Registry): Gauge {
  return gauge(registry, {
    name: 'http_active_connections',
    help: 'Open connections, idle ones included.',
    async collect() {
      const counts = await Promise.all([...serversOf(this)].map(connectionsOf));
      this.set(counts.reduce((sum, count) => sum + count, 0));
    },
  });
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}
