import { JobError } from './job-error.js';

/**
 * What the queue hands out: one attempt at one job. The row of the table is the truth, the ticket only says when to look. Each
 * attempt has a ticket of its own, so the one that a row names says who may write to it.
 */
export interface Ticket {
  readonly jobId: string;
  readonly ticketId: string;
}

export function ticketOf(payload: unknown, ticketId: string): Ticket {
  if (typeof payload === 'object' && payload !== null && 'jobId' in payload && typeof payload.jobId === 'string') {
    return { jobId: payload.jobId, ticketId };
  }
  throw new JobError('ERR_JOB_PAYLOAD', `ticket ${ticketId} names no job: it was not written by createJobs()`);
}
