import { onCompletion } from '../../core/completion.js';
import type { Middleware } from '../../core/middleware.js';
import { opsEndpointOf } from '../../core/ops-endpoint.js';
import { wordCounter } from '../../instruments/word-counter.js';
import { unavailable } from '../refusal.js';
import { eventLoopDelay } from './event-loop-delay.js';
import { resolveLoadShedderOptions, type LoadShedderOptions, type LoadShedderSettings } from './options.js';

export interface LoadShedder {
  /** Stands behind the routers of health and metrics, and before all work. */
  readonly middleware: Middleware;
  /** Stops watching the event loop. Safe to call twice. */
  close(): void;
}

const REASONS = ['event_loop', 'in_flight'] as const;

type Reason = (typeof REASONS)[number];

const TEXTS: Readonly<Record<Reason, string>> = Object.freeze({
  event_loop: 'Overloaded: the event loop is late',
  in_flight: 'Overloaded: too many requests under way',
});

/**
 * Refuses requests that would only make it worse, with 503, `Retry-After` and the reason, as an error for `errorHandler()`:
 * while more than `maxInFlight` are under way, and for a second after the event loop was late by more than
 * `maxEventLoopDelayMs`. Probes and scrapes are never refused; stands behind their routers and before all work.
 *
 * @example
 * const shedder = createLoadShedder({ maxInFlight: 500, logger, registry });
 * app.use(shedder.middleware);
 */
export function createLoadShedder(options?: LoadShedderOptions): LoadShedder {
  const settings = resolveLoadShedderOptions(options);
  const loop = settings.eventLoopDelayMs === undefined ? eventLoopDelay() : undefined;
  const isLate = lateness(settings, settings.eventLoopDelayMs ?? loop?.read ?? (() => 0));
  const count = wordCounter(settings.registry, {
    name: 'requests_shed_total',
    help: 'Requests refused to keep the service alive, by why',
    label: 'reason',
    words: REASONS,
  });
  const announce = announcer(settings);
  let inFlight = 0;
  const leave = (): void => {
    inFlight--;
  };

  return {
    middleware: function loadShedderMiddleware(req, res, next) {
      if (opsEndpointOf(req) !== undefined) {
        next();
        return;
      }
      const reason: Reason | undefined =
        inFlight >= settings.maxInFlight ? 'in_flight' : isLate() ? 'event_loop' : undefined;
      announce(reason);
      if (reason !== undefined) {
        count(reason);
        next(unavailable('ERR_OVERLOADED', TEXTS[reason], settings.retryAfterSeconds));
        return;
      }
      inFlight++;
      onCompletion(req, res, leave);
      next();
    },
    close: () => loop?.close(),
  };
}

const SECOND_MS = 1000;

/** Read by the first request of each second, so that an idle service has no timer for it. */
function lateness({ maxEventLoopDelayMs, now }: LoadShedderSettings, delayMs: () => number): () => boolean {
  let isLate = false;
  let readAt = now();
  return () => {
    const time = now();
    if (time - readAt < SECOND_MS) return isLate;
    // What is told of a longer time is told of one in which nobody asked: it says nothing about now.
    const isRecent = time - readAt < 2 * SECOND_MS + maxEventLoopDelayMs;
    readAt = time;
    isLate = delayMs() > maxEventLoopDelayMs && isRecent;
    return isLate;
  };
}

/** One line when shedding begins and one when it ends, not one per request. */
function announcer({ logger }: LoadShedderSettings): (reason: Reason | undefined) => void {
  let current: Reason | undefined;
  let shed = 0;
  return (reason) => {
    if (reason !== undefined) shed++;
    if ((reason === undefined) === (current === undefined)) return;
    if (reason !== undefined) logger.warn({ reason }, 'Shedding load');
    else logger.warn({ reason: current, shed }, 'Shedding load ended');
    if (reason === undefined) shed = 0;
    current = reason;
  };
}
