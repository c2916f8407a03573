import type { LogFields } from '../core/logger.js';
import type { JobClaim } from './job-store.js';
import type { JobType } from './job-type.js';
import type { Ticket } from './ticket.js';

/** One attempt at one job, as its worker sees it. */
export interface Attempt {
  readonly ticket: Ticket;
  readonly name: string;
  readonly type: JobType;
  readonly claim: JobClaim;
  readonly fields: LogFields;
  readonly controller: AbortController;
}
