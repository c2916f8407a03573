import { NotFoundError } from 'express-runbook';
import type { JobState } from 'express-runbook/jobs';

export type ShownJob = Omit<JobState, 'context' | 'runAt'>;

/** Of others' jobs not even that they are there. */
export function shown(job: JobState | undefined): ShownJob {
  if (job === undefined) throw new NotFoundError('Job');
  const { id, type, status, attempts, priority, result, error, createdAt, startedAt, completedAt } = job;
  return { id, type, status, attempts, priority, result, error, createdAt, startedAt, completedAt };
}
