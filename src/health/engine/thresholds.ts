import type { HealthCheck } from '../../core/health-check.js';
import type { CheckReport } from './check-report.js';

/**
 * What is said of a check after each of its runs: the run's own report, or the earlier status until enough runs in a row
 * say otherwise. The first run of all decides alone, and so does one that is `certain`.
 */
export type Threshold = (run: CheckReport, isCertain: boolean) => CheckReport;

export function createThreshold({ failureThreshold = 1, successThreshold = 1 }: HealthCheck): Threshold {
  let said: CheckReport | undefined;
  let streak = 0;
  return (run, isCertain) => {
    const isDown = run.status === 'down';
    const isChange = said !== undefined && isDown !== (said.status === 'down');
    streak = isChange ? streak + 1 : 0;
    const needed = isDown ? failureThreshold : successThreshold;
    if (said === undefined || !isChange || isCertain || streak >= needed) {
      streak = 0;
      said = run;
    } else {
      said = held(run, said, `${isDown ? 'failed' : 'passed'} ${streak} of ${needed} times in a row`);
    }
    return said;
  };
}

/** The new numbers under the old status. */
function held(run: CheckReport, { status, reason }: CheckReport, progress: string): CheckReport {
  const { name, critical, details, latencyMs, checkedAt } = run;
  const message = run.message === undefined ? progress : `${progress}: ${run.message}`;
  return {
    ...{ name, critical, status, message, latencyMs, checkedAt },
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
  };
}
