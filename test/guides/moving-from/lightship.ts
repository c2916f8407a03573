import { createGracefulShutdown, createHealthRouter, createHttpServer, createLogger } from 'express-runbook';

const logger = createLogger({ service: 'orders', level: 'warn' });
export const shutdown = createGracefulShutdown({
  logger,
  signals: ['SIGTERM', 'SIGINT', 'SIGHUP'],
  delayMs: Number(process.env.SHUTDOWN_DELAY_MS ?? 5000), // shutdownDelay
  timeoutMs: 30_000, // gracefulShutdownTimeout
  hookTimeoutMs: 5000, // shutdownHandlerTimeout, here for each
});

/** signalNotReady() and signalReady() of a service that is up: traffic stays away, nothing is restarted. */
export const traffic = { isWanted: true };
const health = createHealthRouter({
  checks: [{ name: 'traffic', cacheTtlMs: 0, run: () => ({ status: traffic.isWanted ? 'up' : 'down' }) }],
  state: () => shutdown.state(),
  logger,
});

/** A port of their own for the probes. Closed last, because it is added first. */
export const probes = createHttpServer((req, res) => {
  health(req, res, () => res.writeHead(404).end());
});
shutdown.add('probes', () => {
  probes.close();
  probes.closeAllConnections();
});
probes.listen(Number(process.env.LIGHTSHIP_PORT ?? 9000));

/** createBeacon() */
export async function sendInvoice(id: number, send: () => Promise<void>): Promise<void> {
  const beacon = shutdown.beacon(`invoice ${id}`);
  try {
    await send();
  } finally {
    beacon.end();
  }
}
