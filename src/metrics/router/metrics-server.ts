import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isInteger, isText } from '../../core/checks.js';
import type { Middleware } from '../../core/middleware.js';
import { requireOption, resolveOptions, type Resolved } from '../../core/options.js';
import { pathOf } from '../../core/route.js';
import { METRICS_ROUTER_DEFAULTS, SCRAPE_CHECKS, type MetricsRouterOptions } from './options.js';
import { scrapeHandlers } from './scrape-handlers.js';

export interface MetricsServerOptions extends MetricsRouterOptions {
  /** Port to listen on; 0 takes any free one. Required. */
  port: number;
  /**
   * Address to listen on.
   * @default '0.0.0.0'
   */
  host?: string;
}

/** The others are those of the router. */
export const METRICS_SERVER_DEFAULTS = Object.freeze({ host: '0.0.0.0' });

type Defaults = typeof METRICS_ROUTER_DEFAULTS & typeof METRICS_SERVER_DEFAULTS;
type MetricsServerSettings = Resolved<MetricsServerOptions, Defaults>;

export interface MetricsServer {
  /** The one that it got, where any free one was asked for. */
  readonly port: number;
  /** Ends it, open connections too. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Serves the metrics on a port of their own, which a firewall can keep to the scrapers: the same answers as
 * `createMetricsRouter()`, and 404 for every other path. Does not keep the process alive. Rejects when the address is taken.
 *
 * @example
 * const metricsServer = await createMetricsServer({ registry: metrics.registry, port: 9464 });
 */
export async function createMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const settings = resolveMetricsServerOptions(options);
  const server = createServer(listener(settings.path, scrapeHandlers(settings)));
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  server.unref();
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function resolveMetricsServerOptions(options: MetricsServerOptions): MetricsServerSettings {
  const checks = { ...SCRAPE_CHECKS, port: isInteger(0, 65535), host: isText };
  const defaults: Defaults = { ...METRICS_ROUTER_DEFAULTS, ...METRICS_SERVER_DEFAULTS };
  const settings = resolveOptions<MetricsServerOptions, Defaults>('metricsServer', options, defaults, checks);
  requireOption('metricsServer', 'registry', settings.registry, 'createMetrics() makes one');
  requireOption('metricsServer', 'port', settings.port, '9464 is what exporters of OpenTelemetry listen on');
  return settings;
}

function listener(path: string, handlers: readonly Middleware[]): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    const pass = (index: number): void => {
      const handler = pathOf(req.url ?? '') === path ? handlers[index] : undefined;
      if (handler === undefined) {
        res.writeHead(404).end();
        return;
      }
      handler(req, res, (error) => {
        if (error === undefined) pass(index + 1);
        else res.writeHead(500).end();
      });
    };
    pass(0);
  };
}
