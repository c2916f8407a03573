import cluster from 'node:cluster';
import type { Registry } from 'prom-client';
import type { Middleware } from '../core/middleware.js';
import type { Config } from '../config/index.js';
import type { RunbookLogger } from '../logging/index.js';
import {
  createClusterMetrics,
  createMetricsRouter,
  createMetricsServer,
  observeCertificate,
} from '../metrics/index.js';
import type { GracefulShutdown } from '../shutdown/index.js';

interface Parts {
  readonly service: string;
  readonly config: Config;
  readonly logger: RunbookLogger;
  readonly registry: Registry;
  readonly shutdown: GracefulShutdown;
}

/** How the metrics of the service are asked for. */
interface ServiceScrapes {
  /** None when they have a port of their own. */
  readonly routers: readonly Middleware[];
  /** Listens on that port; rejects when it is taken. */
  open(): Promise<void>;
}

export function createServiceScrapes({ service, config, logger, registry, shutdown }: Parts): ServiceScrapes {
  const { port, token, networks, tlsCertificate } = config.metrics;
  if (tlsCertificate !== undefined) observeCertificate({ registry, name: service, path: tlsCertificate });
  // Under pm2's cluster mode as well, which is made of it.
  const clustered = cluster.isWorker ? createClusterMetrics({ registry, name: service, logger }) : undefined;
  if (clustered !== undefined) shutdown.add('cluster metrics', () => clustered.close());
  const access = {
    registry,
    logger,
    cluster: clustered,
    token,
    networks: networks.length === 0 ? undefined : networks,
  };
  if (port === undefined) return { routers: [createMetricsRouter(access)], open: () => Promise.resolve() };
  return {
    routers: [],
    async open() {
      const server = await createMetricsServer({ ...access, port, host: config.host });
      shutdown.add('metrics server', () => server.close());
      logger.info({ port: server.port }, 'Metrics have a port of their own');
    },
  };
}
