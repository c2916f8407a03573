import { hostname } from 'node:os';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { onCompletion } from '../core/completion.js';
import type { Middleware } from '../core/middleware.js';
import { startsLikeOneOf } from '../core/plain-paths.js';
import { createAccess } from './access/access.js';
import { consoleHandler } from './http/handlers.js';
import { createLogLevel, type LogLevel } from './http/level.js';
import { createPages } from './http/pages.js';
import { createFailures } from './lines/failures.js';
import { createLogs } from './lines/logs.js';
import { resolveConsoleOptions, type ConsoleOptions, type ConsoleSettings } from './options.js';
import { startSampler } from './sampler.js';
import { sectionsOf } from './sections.js';
import { settingRows } from './setting-rows.js';
import type { ConsoleSnapshot, InstanceView } from './wire/index.js';

/** Middleware that answers the paths of the console, and whether it does. */
export interface OpsConsole extends Middleware {
  /** False in production while nobody is kept out: its paths are then left to whoever comes next. */
  readonly isOn: boolean;
  /** Has the page tell of this request should it fail, where the middleware itself does not stand before it. */
  observe(req: IncomingMessage, res: ServerResponse): void;
  /** Ends the connections of open pages and looks at nothing any more. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * The ops console: one page at `/ops` that shows what health, metrics and log know, live and with the last half hour, and
 * changes nothing but the level of the log, for a time. Mount it behind `httpMetrics()` and before rate limiter and
 * authentication; `createOps({ console: true })` does.
 *
 * It samples every `intervalMs`, whether or not a page is open, and keeps what it shows within a bound: `historyMs` of
 * samples (140 bytes each with a dozen checks), 1.25 million characters of log, 100 failed requests. A request costs one
 * listener more. Requests of the page itself are in the log and not in the metrics.
 *
 * @example
 * const page = createConsole({ registry: metrics.registry, health, token: config.ops.token });
 * app.use(page);
 */
export function createConsole(options: ConsoleOptions): OpsConsole {
  const settings = resolveConsoleOptions(options);
  const { tokens, networks, guard, isProduction } = settings;
  const isGuarded = tokens !== undefined || networks !== undefined || guard !== undefined;
  if (isProduction && !isGuarded)
    return Object.assign(passOn(), { isOn: false, observe: () => undefined, close: () => Promise.resolve() });
  return running(settings);
}

function passOn(): Middleware {
  return (_req, _res, next) => {
    next();
  };
}

function running(settings: ConsoleSettings): OpsConsole {
  const { path, now, redact, maxPages, draining, lines } = settings;
  const access = createAccess(settings);
  const failures = createFailures(now, redact);
  const logs = createLogs(lines, now);
  const level = logLevel(settings);
  const sampler = startSampler(
    settings,
    () => pages.count(),
    (sample) => pages.tell(sample),
  );
  const { history, window, health, begun } = sampler;
  const sections = sectionsOf({ settings, window, logs, failures, level, health });
  const instance = instanceOf(settings);

  async function snapshot(req: IncomingMessage): Promise<ConsoleSnapshot> {
    await begun;
    return {
      instance,
      intervalMs: settings.intervalMs,
      historyMs: settings.historyMs,
      history: history.view(),
      sections: await sections(),
      settings: settingRows(settings.settings?.() ?? {}),
      isSession: access.isSession(req),
    };
  }

  const pages = createPages({ maxPages, draining, logs, snapshot, sections });
  const answer = consoleHandler({ path, access, guard: settings.guard, pages, level, snapshot });
  const mayBeConsole = startsLikeOneOf([path]);
  const observe: OpsConsole['observe'] = (req, res) => onCompletion(req, res, failures.record);
  const middleware: Middleware = (req, res, next) => {
    observe(req, res);
    if (mayBeConsole(req.url ?? '')) answer(req, res, next);
    else next();
  };

  return Object.assign(middleware, {
    isOn: true,
    observe,
    close() {
      sampler.close();
      pages.close();
      logs.close();
      return Promise.resolve();
    },
  });
}

function logLevel({ level, audit, now }: ConsoleSettings): LogLevel | undefined {
  return level === undefined || audit === undefined ? undefined : createLogLevel(level, audit, now);
}

function instanceOf({ service, version, now }: ConsoleSettings): InstanceView {
  const startedAt = now() - process.uptime() * 1000;
  return { service, version: version ?? null, node: process.version, pid: process.pid, host: hostname(), startedAt };
}
