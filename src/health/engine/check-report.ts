import type { CheckResult, CheckStatus, HealthCheck } from '../../core/health-check.js';

/** Why a check is down: it threw, it did not answer in time, or what it returned is no result. */
export type DownReason = 'failed' | 'timeout' | 'malformed';

/** What is known of one check. */
export interface CheckReport {
  readonly name: string;
  readonly critical: boolean;
  readonly status: CheckStatus;
  readonly reason?: DownReason;
  /** For people. Holds nothing of the error that was thrown: that goes to the logger. */
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Milliseconds that the run took. */
  readonly latencyMs: number;
  /** Milliseconds since 1970, by the router's clock, when the run ended. */
  readonly checkedAt: number;
}

/** A report and what only the log may know of it. */
export interface FinishedRun {
  readonly report: CheckReport;
  readonly cause?: unknown;
  /** Resolves when a run that was given up ends after all. */
  readonly leftOver?: Promise<void>;
}

export interface Measured {
  readonly latencyMs: number;
  readonly checkedAt: number;
}

/** The report on what `run` returned; a value that is no result makes the check down, and only that check. */
export function reportOf(check: HealthCheck, value: unknown, measured: Measured): FinishedRun {
  try {
    const { status, message, details, cause } = resultIn(value);
    const shown = { ...(message === undefined ? {} : { message }), ...snapshot({ ...check.details?.(), ...details }) };
    return { report: { ...base(check, measured), status, ...shown }, cause };
  } catch (cause) {
    return { report: failureOf(check, 'malformed', `${check.name} gave no valid result`, measured), cause };
  }
}

export function failureOf(check: HealthCheck, reason: DownReason, message: string, measured: Measured): CheckReport {
  return { ...base(check, measured), status: 'down', reason, message, ...readableDetails(check) };
}

function base(check: HealthCheck, measured: Measured): Omit<CheckReport, 'status'> {
  const latencyMs = Math.round(measured.latencyMs * 100) / 100;
  return { name: check.name, critical: check.critical ?? true, latencyMs, checkedAt: measured.checkedAt };
}

/** Reads each field once, because a getter may answer otherwise the next time. Throws when it is no result. */
function resultIn(value: unknown): CheckResult {
  if (value === undefined) return { status: 'up' };
  const { status, message, details, cause } = (value ?? {}) as Partial<Record<keyof CheckResult, unknown>>;
  if (status !== 'up' && status !== 'degraded' && status !== 'down') {
    throw new TypeError("a check returns nothing or { status: 'up' | 'degraded' | 'down' }");
  }
  if (message !== undefined && typeof message !== 'string')
    throw new TypeError('the message of a check must be a string');
  if (details !== undefined && !isRecord(details)) throw new TypeError('the details of a check must be an object');
  return { status, message, details, cause };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy as JSON has it: a later change does not reach a body, and what JSON cannot hold is found here, not while answering. */
function snapshot(details: object): Pick<CheckReport, 'details'> {
  if (Object.keys(details).length === 0) return {};
  // An object with keys comes back as an object.
  return { details: JSON.parse(JSON.stringify(details)) as Record<string, unknown> };
}

/** Of a check that is down already: details that cannot be read make it no worse. */
function readableDetails(check: HealthCheck): Pick<CheckReport, 'details'> {
  try {
    return snapshot({ ...check.details?.() });
  } catch {
    return {};
  }
}
