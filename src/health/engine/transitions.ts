import type { CheckStatus } from '../../core/health-check.js';
import type { Logger } from '../../core/logger.js';
import type { CheckReport, FinishedRun } from './check-report.js';

/** A check has another status than before. Its first run counts only when it is not up. */
export interface HealthTransition {
  readonly check: string;
  readonly critical: boolean;
  readonly from: CheckStatus | 'unknown';
  readonly to: CheckStatus;
  readonly message?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** @inline */
export type OnChange = (transition: HealthTransition) => void | Promise<void>;

/** Logs the change once and tells `onChange`, whose own failure is logged and goes no further. */
export function announce(transition: HealthTransition, run: FinishedRun, logger: Logger, onChange?: OnChange): void {
  const { check, from, to } = transition;
  const { reason, latencyMs } = run.report;
  const fields = {
    check,
    from,
    to,
    ...(reason === undefined ? {} : { reason }),
    latencyMs,
    ...(run.cause === undefined ? {} : { err: run.cause }),
  };
  logger[levelOf(transition)](fields, textOf(transition));
  if (onChange === undefined) return;
  // In a promise, so that a handler that throws is one that rejects.
  void Promise.resolve(transition)
    .then(onChange)
    .catch((error: unknown) => logger.error({ check, err: error }, 'The onChange handler of the health checks failed'))
    // A logger that throws too must not end the process as an unhandled rejection.
    .catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
}

export function transitionOf(report: CheckReport, from: CheckStatus | undefined): HealthTransition | undefined {
  const { name, critical, status: to, message, checkedAt: at } = report;
  if (to === (from ?? 'up')) return undefined;
  return { check: name, critical, from: from ?? 'unknown', to, ...(message === undefined ? {} : { message }), at };
}

function levelOf({ critical, to }: HealthTransition): 'info' | 'warn' | 'error' {
  if (to === 'up') return 'info';
  return critical && to === 'down' ? 'error' : 'warn';
}

function textOf({ check, to, message }: HealthTransition): string {
  const text = `Health check ${check} is ${to}`;
  return message === undefined ? text : `${text}: ${message}`;
}
