import type { HealthCheck } from '../../core/health-check.js';
import { failureOf, type CheckReport, type FinishedRun } from './check-report.js';
import { runCheck, type RunSettings } from './check-run.js';
import { createStuckRuns } from './stuck-runs.js';

/** How long a failure is repeated at most: recovery must be seen by the next poll. */
const FAILURE_TTL_MS = 1000;

/** A check with its latest report: at most one run at a time, shared by all who ask. */
export interface MonitoredCheck {
  readonly check: HealthCheck;
  /** The latest report when it is young enough, else the run that is under way or a new one. The promise never rejects. */
  read(maxPassAgeMs: number): CheckReport | Promise<CheckReport>;
  /** What is said of it when an answer can wait no longer for `read`. */
  reportUnanswered(waitedMs: number): CheckReport;
  /** Forgets a pass, and whatever a run finds that began before now. */
  invalidate(): void;
  /** Whatever a run under way finds is nobody's business any more. */
  retire(): void;
}

export function monitorCheck(
  check: HealthCheck,
  settings: RunSettings,
  onFinished: (run: FinishedRun) => void,
): MonitoredCheck {
  let latest: CheckReport | undefined;
  let flight: Promise<CheckReport> | undefined;
  const stuck = createStuckRuns(settings.now);

  function start(): Promise<CheckReport> {
    const run = runCheck(check, settings).then((finished) => {
      if (finished.leftOver !== undefined) stuck.add(finished.leftOver);
      if (flight === run) {
        flight = undefined;
        latest = finished.report;
        tell(finished);
      }
      return finished.report;
    });
    flight = run;
    return run;
  }

  /** Observing a run, e.g. a logger that throws, must never cost more than the observation. */
  function tell(finished: FinishedRun): void {
    try {
      onFinished(finished);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  }

  return {
    check,
    read(maxPassAgeMs) {
      if (latest !== undefined && isFresh(latest, maxPassAgeMs, settings.now())) return latest;
      if (flight !== undefined) return flight;
      return latest !== undefined && stuck.areTooMany() ? latest : start();
    },
    reportUnanswered(waitedMs) {
      const measured = { latencyMs: waitedMs, checkedAt: settings.now() };
      return failureOf(check, 'timeout', `no answer within ${waitedMs} ms`, measured);
    },
    invalidate() {
      if (latest?.status !== 'down') latest = undefined;
      flight = undefined;
    },
    retire() {
      flight = undefined;
    },
  };
}

function isFresh(report: CheckReport, maxPassAgeMs: number, time: number): boolean {
  const age = time - report.checkedAt;
  // A clock that was set back must not keep a report young.
  return age >= 0 && age < maxAgeMs(report, maxPassAgeMs);
}

/** How long a report may be repeated when a pass may be repeated for `maxPassAgeMs`. */
export function maxAgeMs(report: CheckReport, maxPassAgeMs: number): number {
  return report.status === 'down' ? Math.min(maxPassAgeMs, FAILURE_TTL_MS) : maxPassAgeMs;
}
