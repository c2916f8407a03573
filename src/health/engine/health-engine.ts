import type { Registry } from 'prom-client';
import { ConfigError } from '../../core/config-error.js';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { CheckStatus, HealthCheck } from '../../core/health-check.js';
import type { Logger } from '../../core/logger.js';
import { acceptedCheck } from './accepted-check.js';
import { createCheckMetrics } from './check-metrics.js';
import type { CheckReport, FinishedRun } from './check-report.js';
import type { RunSettings } from './check-run.js';
import { monitorCheck, type MonitoredCheck } from './monitored-check.js';
import { announce, transitionOf, type OnChange } from './transitions.js';

export interface EngineSettings extends RunSettings {
  readonly responseDeadlineMs: number;
  readonly logger: Logger;
  readonly registry?: Registry;
  readonly onChange?: OnChange;
}

/** Runs checks for whoever asks: shared, bounded in time, and never failing itself. */
export interface HealthEngine {
  /** Throws `ConfigError` when it is no check or its name is taken. Returns what removes it. */
  add(check: HealthCheck, option: string): () => void;
  /** One report for each check, in the order they were added, after `responseDeadlineMs` at the latest. */
  collect(which: 'all' | 'critical', maxPassAgeMs: number): Promise<CheckReport[]>;
  /** Drops the pass of one check, or of all, so that the next question runs it anew. An unknown name changes nothing. */
  invalidate(name?: string): void;
  /** Another number than before: what was collected earlier may be wrong now, however young it is. */
  revision(): number;
}

export function createHealthEngine(settings: EngineSettings): HealthEngine {
  const monitored = new Map<string, MonitoredCheck>();
  const statuses = new Map<string, CheckStatus>();
  const metrics = settings.registry === undefined ? undefined : createCheckMetrics(settings.registry);
  let revision = 0;

  function record(run: FinishedRun): void {
    const { report } = run;
    const transition = transitionOf(report, statuses.get(report.name));
    statuses.set(report.name, report.status);
    metrics?.observe(report);
    if (transition === undefined) return;
    revision += 1;
    metrics?.countTransition(report.name, report.status);
    announce(transition, run, settings.logger, settings.onChange);
  }

  function remove(one: MonitoredCheck): void {
    const { name } = one.check;
    if (monitored.get(name) !== one) return;
    monitored.delete(name);
    statuses.delete(name);
    one.retire();
    metrics?.forget(name);
    revision += 1;
  }

  async function answerOf(one: MonitoredCheck, maxPassAgeMs: number): Promise<CheckReport> {
    const read = one.read(maxPassAgeMs);
    if (!(read instanceof Promise)) return read;
    const report = await withDeadline(read, settings.responseDeadlineMs);
    return report === TIMED_OUT ? one.reportUnanswered(settings.responseDeadlineMs) : report;
  }

  return {
    add(given, option) {
      const check = acceptedCheck(given, option);
      if (monitored.has(check.name)) throw nameTaken(option, check.name);
      const one = monitorCheck(check, settings, record);
      monitored.set(check.name, one);
      revision += 1;
      return () => remove(one);
    },
    collect(which, maxPassAgeMs) {
      const asked = [...monitored.values()].filter(({ check }) => which === 'all' || (check.critical ?? true));
      return Promise.all(asked.map((one) => answerOf(one, maxPassAgeMs)));
    },
    invalidate(name) {
      for (const one of monitored.values()) if (name === undefined || name === one.check.name) one.invalidate();
      revision += 1;
    },
    revision: () => revision,
  };
}

function nameTaken(option: string, name: string): ConfigError {
  return new ConfigError('ERR_OPTION_CONFLICT', `${option}.name`, `${name} is taken by another check; give it its own`);
}
