import type { Registry } from 'prom-client';
import { ConfigError } from '../../core/config-error.js';
import type { CheckStatus, HealthCheck } from '../../core/health-check.js';
import type { Logger } from '../../core/logger.js';
import { acceptedCheck } from './accepted-check.js';
import { answerInTime } from './answer-in-time.js';
import { createCheckMetrics } from './check-metrics.js';
import type { CheckReport } from './check-report.js';
import { monitorCheck, type MonitoredCheck, type MonitorSettings, type RecordedRun } from './monitored-check.js';
import { startRefresh } from './refresh.js';
import { announce, transitionOf, type OnChange } from './transitions.js';

export interface EngineSettings extends MonitorSettings {
  readonly responseDeadlineMs: number;
  readonly logger: Logger;
  readonly registry?: Registry;
  readonly onChange?: OnChange;
  /** Asked before a check runs by itself. */
  readonly shouldRefresh: () => boolean;
}

/** What was known of some checks at one moment. */
interface Collected {
  readonly checks: readonly CheckReport[];
  /** By the router's clock, when the first of the reports is too old. */
  readonly freshUntil: number;
}

/** A check that can be asked alone. */
interface OneCheck {
  readonly check: HealthCheck;
  report(maxPassAgeMs: number): Promise<CheckReport>;
}

/** Runs checks for whoever asks: shared, bounded in time, and never failing itself. */
export interface HealthEngine {
  /** Throws `ConfigError` when it is no check or its name is taken. Returns what removes it. */
  add(check: HealthCheck, option: string): () => void;
  /** One report for each check that is asked, in the order they were added, after `responseDeadlineMs` at the latest. */
  collect(isAsked: (check: HealthCheck) => boolean, maxPassAgeMs: number): Promise<Collected>;
  find(name: string): OneCheck | undefined;
  /** Drops the pass of one check, or of all, so that the next question runs it anew. An unknown name changes nothing. */
  invalidate(name?: string): void;
  /** Another number than before: what was collected earlier may be wrong now, however young it is. */
  revision(): number;
  /** No check runs by itself any more. */
  close(): void;
}

interface Watched extends MonitoredCheck {
  stopRefresh: () => void;
  unwatch: (() => void) | undefined;
}

export function createHealthEngine(settings: EngineSettings): HealthEngine {
  const watched = new Map<string, Watched>();
  const statuses = new Map<string, CheckStatus>();
  const metrics = settings.registry === undefined ? undefined : createCheckMetrics(settings.registry);
  let revision = 0;
  let isClosed = false;

  function record(run: RecordedRun): void {
    const { report } = run;
    const transition = transitionOf(report, statuses.get(report.name));
    statuses.set(report.name, report.status);
    metrics?.observe(run);
    if (transition === undefined) return;
    revision += 1;
    metrics?.countTransition(report.name, report.status);
    announce(transition, run, settings.logger, settings.onChange);
  }

  function watch(check: HealthCheck): Watched {
    const monitored = monitorCheck(check, settings, record);
    const refresh = (): void => {
      if (settings.shouldRefresh()) void monitored.read(0);
    };
    const unwatch = check.watch?.(() => {
      monitored.invalidate();
      revision += 1;
    });
    return { ...monitored, unwatch, stopRefresh: isClosed ? () => undefined : startRefresh(check, refresh) };
  }

  function remove(one: Watched): void {
    const { name } = one.check;
    if (watched.get(name) !== one) return;
    watched.delete(name);
    statuses.delete(name);
    one.stopRefresh();
    one.unwatch?.();
    one.retire();
    metrics?.forget(name);
    revision += 1;
  }

  return {
    add(given, option) {
      const check = acceptedCheck(given, option);
      if (watched.has(check.name)) throw nameTaken(option, check.name);
      const one = watch(check);
      watched.set(check.name, one);
      metrics?.expect(check);
      revision += 1;
      return () => remove(one);
    },
    async collect(isAsked, maxPassAgeMs) {
      const asked = [...watched.values()].filter(({ check }) => isAsked(check));
      const found = await Promise.all(asked.map((one) => answerInTime(one, maxPassAgeMs, settings.responseDeadlineMs)));
      return {
        checks: found.map(({ report }) => report),
        freshUntil: Math.min(...found.map(({ freshUntil }) => freshUntil)),
      };
    },
    find(name) {
      const one = watched.get(name);
      if (one === undefined) return undefined;
      const report = async (maxPassAgeMs: number): Promise<CheckReport> =>
        (await answerInTime(one, maxPassAgeMs, settings.responseDeadlineMs)).report;
      return { check: one.check, report };
    },
    invalidate(name) {
      for (const one of watched.values()) if (name === undefined || name === one.check.name) one.invalidate();
      revision += 1;
    },
    revision: () => revision,
    close() {
      isClosed = true;
      for (const one of watched.values()) one.stopRefresh();
    },
  };
}

function nameTaken(option: string, name: string): ConfigError {
  return new ConfigError('ERR_OPTION_CONFLICT', `${option}.name`, `${name} is taken by another check; give it its own`);
}
