import type { IncomingMessage } from 'node:http';
import type { Registry } from 'prom-client';
import type { Middleware } from '../core/middleware.js';
import type { PoolPort } from '../core/pool.js';
import { describeConfig, secretValues, type Config } from '../config/index.js';
import { createConsole, type ConsoleAlert, type ConsoleOptions } from '../console/index.js';
import { getContext } from '../correlation/index.js';
import type { HealthRouter } from '../health/index.js';
import { createRedactor, type RunbookLogger } from '../logging/index.js';
import { createAuditLog } from '../security/index.js';
import type { GracefulShutdown } from '../shutdown/index.js';
import type { AlertsPort, OpsSettings } from './options.js';

interface Parts {
  readonly config: Config;
  readonly logger: RunbookLogger;
  readonly registry: Registry;
  readonly health: HealthRouter;
  readonly shutdown: GracefulShutdown;
  readonly pools: ReadonlyMap<string, PoolPort>;
  /** Added later, or never. */
  readonly alerted: readonly AlertsPort[];
  /** Once it listens. */
  mainPort(): number | undefined;
}

/** The ops console, wired to everything else; nothing where none is wanted. */
export function serviceConsole(settings: OpsSettings, parts: Parts): Middleware[] {
  const said = settings.console;
  if (said === false) return [];
  const { config, logger, shutdown } = parts;
  const page = createConsole({ ...wired(settings, parts), ...(said === true ? {} : saidOf(said)) });
  shutdown.add('ops console', () => page.close());
  if (!page.isOn)
    logger.warn({}, 'The ops console is off: in staging and production it wants OPS_TOKEN, OPS_NETWORKS or a guard');
  if (config.ops.port === undefined || !page.isOn) return [page];
  const { port } = config.ops;
  // The same middleware stands before the pages on a port of their own. Port 0 lets the system choose: it is the one that is not the main one.
  const isElsewhere = ({ socket }: IncomingMessage): boolean =>
    port === 0 ? socket.localPort === (parts.mainPort() ?? config.port) : socket.localPort !== port;
  return [
    (req, res, next) => {
      if (isElsewhere(req)) {
        page.observe(req, res);
        next();
      } else page(req, res, next);
    },
  ];
}

function wired({ service, version, console }: OpsSettings, parts: Parts): ConsoleOptions {
  const { config, logger, registry, health, shutdown, pools } = parts;
  const { token, networks } = config.ops;
  const { log } = config;
  const redactor = createRedactor({ redact: log.redactSensitive, sensitiveFields: log.sensitiveFields });
  redactor.registerSecrets(secretValues(config));
  // Who says who may look is not asked for more.
  const isDecided =
    typeof console === 'object' && [console.token, console.networks, console.guard].some((one) => one !== undefined);
  return {
    registry,
    service,
    version,
    // Staging has data and neighbours as production has.
    isProduction: config.isProduction || config.nodeEnv === 'staging',
    ...(isDecided ? {} : { token, networks: networks.length === 0 ? undefined : networks }),
    health,
    lines: (listener) => logger.tail(listener),
    level: {
      current: () => logger.level,
      // Named by the console, which knows the levels of a logger.
      change: (level, forMs) => logger.setLevel(level as 'info', { forMs, reason: 'ops console' }),
    },
    audit: createAuditLog({ logger, context: getContext, registry }),
    pools: () => [...pools],
    alerts: () => activeOf(parts.alerted),
    settings: () => describeConfig(config),
    redact: (text) => redactor.text(text),
    draining: shutdown.draining,
    logger,
  };
}

function activeOf(alerted: readonly AlertsPort[]): ConsoleAlert[] | undefined {
  if (alerted.length === 0) return undefined;
  return alerted.flatMap((alerts) =>
    (alerts.active?.() ?? []).map(({ name, severity, message, startedAt }) => ({
      ...{ name, severity, message },
      since: startedAt,
    })),
  );
}

/** An option that is there but undefined is not said. */
function saidOf(options: Partial<ConsoleOptions>): Partial<ConsoleOptions> {
  const said: readonly [string, unknown][] = Object.entries(options);
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}
