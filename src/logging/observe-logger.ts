import type { Counter, Registry } from 'prom-client';
import { hasMethods, isRegistry } from '../core/checks.js';
import { requireOption, resolveOptions } from '../core/options.js';
import { counter } from '../instruments/instruments.js';
import type { LineLevel } from './line/levels.js';

export interface LogMetricsOptions {
  /** Where to show them; required. */
  registry: Registry;
  /** From `createLogger`; required. */
  logger: LineSource;
}

/** What of a logger is read at a scrape. */
export interface LineSource {
  droppedLines(): number;
  lineCounts(): Readonly<Record<LineLevel, number>>;
}

/**
 * Shows how much a logger says as `log_lines_total{level}`, and what no destination took as `log_lines_dropped_total`. Read
 * from the logger at each scrape, so it costs a line nothing. Several loggers on one registry are added up.
 */
export function observeLogger(options: LogMetricsOptions): void {
  const { registry, logger } = resolveOptions(
    'observeLogger',
    options,
    {},
    { registry: isRegistry, logger: hasMethods('droppedLines', 'lineCounts') },
  );
  requireOption('observeLogger', 'registry', registry, 'createMetrics() makes one');
  requireOption('observeLogger', 'logger', logger, 'createLogger() makes one');
  loggersOf(lineCounter(registry)).add(logger);
  loggersOf(dropCounter(registry)).add(logger);
}

// On the counter itself: whoever observes a second logger finds the first one's.
const LOGGERS = Symbol.for('express-runbook.observed-loggers.v0');

interface WithLoggers<Label extends string> extends Counter<Label> {
  [LOGGERS]?: Set<LineSource>;
}

function loggersOf<Label extends string>(owner: WithLoggers<Label>): Set<LineSource> {
  return (owner[LOGGERS] ??= new Set());
}

function lineCounter(registry: Registry): Counter<'level'> {
  return counter(registry, {
    name: 'log_lines_total',
    help: 'Lines said, by level, request lines included.',
    labelNames: ['level'],
    collect() {
      this.reset();
      for (const logger of loggersOf(this)) {
        for (const [level, count] of Object.entries(logger.lineCounts())) this.inc({ level }, count);
      }
    },
  });
}

function dropCounter(registry: Registry): Counter {
  return counter(registry, {
    name: 'log_lines_dropped_total',
    help: 'Lines that a destination did not take: a full disk, a reader that stalled or left.',
    collect() {
      this.reset();
      for (const logger of loggersOf(this)) this.inc(logger.droppedLines());
    },
  });
}
