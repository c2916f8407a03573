import type { Severity } from './thresholds/index.js';

/** Something that people should know. */
export interface Alert {
  /** What is wrong, in words that stay the same: alerts of one name, and of one `resource`, are one alert. */
  readonly name: string;
  /** How bad it is: decides which channels tell of it. */
  readonly severity: Severity;
  /** What is wrong now, with its numbers. */
  readonly message: string;
  /** Facts for whoever looks into it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Which one of several is meant, e.g. the name of a queue. Never an id of a request: each would be an alert of its own. */
  readonly resource?: string;
}

/** One message about an alert, as channels and stores get it. */
export interface AlertEvent extends Alert {
  /** Of this message; a retry has the same. */
  readonly id: string;
  /** Of the alert: the same in all messages about it, on every instance of the service; at most 255 characters. */
  readonly key: string;
  readonly service: string;
  readonly status: 'firing' | 'resolved';
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When the alert began. */
  readonly startedAt: number;
  /** Nothing has changed since the last message. */
  readonly isReminder: boolean;
  /** Changes since the last message of which nobody was told. */
  readonly heldBack: number;
  /** What the service calls this severity, e.g. `P1`. */
  readonly level?: string;
  /** Where it is written what to do. */
  readonly runbook?: string;
}
