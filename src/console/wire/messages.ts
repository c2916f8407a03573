import type { HistoryView, Sample } from './samples.js';
import type { Sections, Setting } from './sections.js';

export interface InstanceView {
  readonly service: string;
  readonly version: string | null;
  readonly node: string;
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** All there is to see, at one moment. */
export interface ConsoleSnapshot {
  readonly instance: InstanceView;
  readonly intervalMs: number;
  readonly historyMs: number;
  readonly history: HistoryView;
  readonly sections: Sections;
  /** The configuration, with secrets masked. */
  readonly settings: readonly Setting[];
  /** Whether somebody signed in by token, and can sign out. */
  readonly isSession: boolean;
}

/** What came since the last one. */
export interface ConsoleTick {
  readonly sample: Sample;
  readonly sections: Partial<Sections>;
}

export interface LogLineView {
  readonly seq: number;
  readonly at: number;
  readonly level: string;
  readonly message: string;
  readonly requestId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogBatch {
  readonly lines: readonly LogLineView[];
  /** Lines that matched and were left out, because they came faster than they can be shown. */
  readonly skipped: number;
}

/** From the most important to the least, as the filter offers them. */
export const LINE_LEVELS = ['fatal', 'error', 'warn', 'info', 'http', 'debug', 'trace'] as const;
