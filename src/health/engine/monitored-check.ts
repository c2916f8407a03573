import type { HealthCheck } from '../../core/health-check.js';
import { MAX_FAILURE_TTL_MS } from './accepted-check.js';
import { failureOf, type CheckReport, type FinishedRun } from './check-report.js';
import { runCheck, type RunSettings } from './check-run.js';
import { createStuckRuns } from './stuck-runs.js';
import { createThreshold } from './thresholds.js';

export interface MonitorSettings extends RunSettings {
  readonly cacheTtlMs: number;
}

/** The latest that is known of a check. */
interface Finding {
  readonly report: CheckReport;
  /** Whether the run itself passed, whatever a threshold still says of the check. */
  readonly hasPassed: boolean;
}

/** A run that counts, and what is said of the check since. */
export type RecordedRun = FinishedRun & Finding;

/** A check with its latest finding: at most one run at a time, shared by all who ask. */
export interface MonitoredCheck {
  readonly check: HealthCheck;
  /** The latest finding when it is young enough, else the run that is under way or a new one. The promise never rejects. */
  read(maxPassAgeMs: number): Finding | Promise<Finding>;
  /** By the router's clock, until when a finding may be repeated where a pass may be `maxPassAgeMs` old. */
  freshUntil(finding: Finding, maxPassAgeMs: number): number;
  /** What is said of it when an answer can wait no longer for `read`. */
  reportUnanswered(waitedMs: number): CheckReport;
  /** Forgets a pass, and whatever a run finds that began before now. */
  invalidate(): void;
  /** Whatever a run under way finds is nobody's business any more. */
  retire(): void;
}

export function monitorCheck(
  check: HealthCheck,
  settings: MonitorSettings,
  onFinished: (run: RecordedRun) => void,
): MonitoredCheck {
  let latest: Finding | undefined;
  let flight: Promise<Finding> | undefined;
  const stuck = createStuckRuns(settings.now);
  const threshold = createThreshold(check);
  const passTtlMs = check.cacheTtlMs ?? settings.cacheTtlMs;
  const failureTtlMs = check.failureCacheTtlMs ?? MAX_FAILURE_TTL_MS;

  function start(): Promise<Finding> {
    const run = runCheck(check, settings).then((finished): Finding => {
      if (finished.leftOver !== undefined) stuck.add(finished.leftOver);
      const hasPassed = finished.report.status !== 'down';
      if (flight !== run) return { report: finished.report, hasPassed };
      flight = undefined;
      // No further run would come to fill a threshold while the earlier ones hang.
      latest = { report: threshold(finished.report, stuck.areTooMany()), hasPassed };
      tell({ ...finished, ...latest });
      return latest;
    });
    flight = run;
    return run;
  }

  /** Observing a run, e.g. a logger that throws, must never cost more than the observation. */
  function tell(finished: RecordedRun): void {
    try {
      onFinished(finished);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }

  function freshUntil({ report, hasPassed }: Finding, maxPassAgeMs: number): number {
    const passAgeMs = Math.min(maxPassAgeMs, passTtlMs);
    return report.checkedAt + (hasPassed ? passAgeMs : Math.min(passAgeMs, failureTtlMs));
  }

  return {
    check,
    read(maxPassAgeMs) {
      if (latest !== undefined) {
        const time = settings.now();
        // A clock that was set back must not keep a report young.
        if (time >= latest.report.checkedAt && time < freshUntil(latest, maxPassAgeMs)) return latest;
      }
      if (flight !== undefined) return flight;
      return latest !== undefined && stuck.areTooMany() ? latest : start();
    },
    freshUntil,
    reportUnanswered(waitedMs) {
      const measured = { latencyMs: waitedMs, checkedAt: settings.now() };
      return failureOf(check, 'timeout', `no answer within ${waitedMs} ms`, measured);
    },
    invalidate() {
      if (latest?.report.status !== 'down') latest = undefined;
      flight = undefined;
    },
    retire() {
      flight = undefined;
    },
  };
}
