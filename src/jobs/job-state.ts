import type { ContextFields } from '../core/context.js';
import type { Priority } from './priority.js';

/** What the column `status` says. `failed` are the dead letters. */
export type JobStatus = 'pending' | 'running' | 'completed' | 'failed';

export interface StoredJob {
  readonly id: string;
  readonly type: string;
  readonly attempts: number;
  /** Who asked. */
  readonly context: ContextFields;
}

/** How a job stands. */
export interface JobState extends StoredJob {
  readonly status: JobStatus;
  readonly priority: Priority;
  /** What the handler returned. */
  readonly result: unknown;
  /** Why the latest attempt failed. */
  readonly error: string | null;
  readonly createdAt: Date;
  readonly runAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
}
