import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Registry } from 'prom-client';
import { ConfigError } from '../core/config-error.js';
import type { Config } from '../config/index.js';
import type { RunbookLogger } from '../logging/index.js';
import { observeConnections } from '../metrics/index.js';
import { createHttpServer, type HttpApp } from '../server/index.js';
import type { GracefulShutdown } from '../shutdown/index.js';

interface Parts {
  readonly config: Config;
  readonly logger: RunbookLogger;
  readonly registry: Registry;
  readonly shutdown: GracefulShutdown;
}

/** From app to a server that is ready, observed and drained at the end. */
export async function listen(app: HttpApp, { config, logger, registry, shutdown }: Parts): Promise<Server> {
  refuseBlindTrust(app);
  const server = createHttpServer(app);
  shutdown.serve(server);
  observeConnections({ registry, server });
  shutdown.install();
  if (isToldToStop(shutdown)) {
    logger.info({}, 'Not listening: the process was told to stop while it started');
    return server;
  }
  server.listen(config.port, config.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    shutdown.uninstall();
    throw error;
  }
  logger.info({ host: config.host, port: portOf(server) }, 'Server listening');
  shutdown.ready();
  return server;
}

/** With it anybody chooses the address that limits, networks and log lines see. */
function refuseBlindTrust(app: HttpApp): void {
  const { get } = app as { get?: (setting: string) => unknown };
  // A handler that is not an Express app has no settings.
  if (typeof get !== 'function' || get.call(app, 'trust proxy') !== true) return;
  const cure = "name the proxies by address: app.set('trust proxy', ['10.0.0.0/8'])";
  throw new ConfigError('ERR_OPTION_INVALID', "app.set('trust proxy')", `must not be true, ${cure}`);
}

function isToldToStop(shutdown: GracefulShutdown): boolean {
  return shutdown.state() === 'draining' || shutdown.state() === 'stopped';
}

/** Nothing before it listens. */
export function portOf(server: Server | undefined): number | undefined {
  const address = server?.address() ?? null;
  return address !== null && typeof address === 'object' ? address.port : undefined;
}
