import type { Severity } from '../thresholds/index.js';

/** What is said about an alert. */
export interface Said {
  readonly severity: Severity;
  readonly message: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly runbook?: string;
}

/** What one instance of the service says. It counts until `until`, so that an instance which dies takes it back. */
export interface AlertReport extends Said {
  /** Milliseconds since 1970, as `until`. */
  readonly at: number;
  readonly until: number;
}

interface Told {
  readonly status: AlertStatus;
  readonly severity: Severity;
  readonly at: number;
  /** When the message before this one was told. */
  readonly before?: number;
}

export type AlertStatus = 'firing' | 'resolved';

/** What all instances together know of one alert. Plain data: it is kept as JSON. */
export interface AlertState {
  readonly name: string;
  readonly resource?: string;
  /** A condition is over when nobody reports it any more; what was sent by `sendAlert` is just forgotten. */
  readonly isCondition: boolean;
  readonly startedAt: number;
  /** By instance. */
  readonly reports: Readonly<Record<string, AlertReport>>;
  readonly status: AlertStatus;
  readonly latest: Said;
  /** Since the last message. */
  readonly changes: number;
  readonly told?: Told;
  /** The instance that is sending a message. When it has not done so by `until`, another one does. */
  readonly telling?: { readonly by: string; readonly until: number };
  /** The status and severity that was last kept from people by a silence. */
  readonly silenced?: string;
}

export function freshState(
  about: Pick<AlertState, 'name' | 'resource' | 'isCondition'>,
  report: AlertReport,
): AlertState {
  return { ...about, startedAt: report.at, reports: {}, status: 'resolved', latest: saidOf(report), changes: 0 };
}

export function saidOf({ severity, message, metadata, runbook }: Said): Said {
  return { severity, message, metadata, ...(runbook === undefined ? {} : { runbook }) };
}
