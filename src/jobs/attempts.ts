import type { ContextFields } from '../core/context.js';
import type { Attempt } from './attempt.js';
import { endingOf } from './ending.js';
import { JobError } from './job-error.js';
import type { AttemptOutcome, JobMetrics } from './job-metrics.js';
import type { JobClaim, JobStore } from './job-store.js';
import type { JobType } from './job-type.js';
import type { JobsSettings } from './options.js';
import { settle } from './settle.js';
import type { Ticket } from './ticket.js';

/** The attempts under way in this process. */
export class Attempts {
  private readonly running = new Map<string, Attempt>();
  private isEnding = false;

  constructor(
    private readonly settings: JobsSettings,
    private readonly store: JobStore,
    private readonly metrics: JobMetrics,
  ) {}

  /** One attempt, from the claim to its outcome; rejects only when the database is away. */
  async run(name: string, type: JobType, ticket: Ticket): Promise<void> {
    const claim = await this.store.claim(ticket);
    if (claim === undefined) return;
    await this.settings.runWithContext(contextOf(claim.context, ticket), () => this.attempt(name, type, ticket, claim));
  }

  /** Not begun here: for another worker. */
  async handBack(ticket: Ticket): Promise<void> {
    await this.store.handBack(ticket);
  }

  tickets(): Ticket[] {
    return [...this.running.values()].map(({ ticket }) => ticket);
  }

  /** Another worker has it: nothing of this attempt is recorded any more. */
  lose({ ticketId }: Ticket): void {
    const reason = new JobError('ERR_JOB_LOST', 'another worker has taken the job over');
    this.running.get(ticketId)?.controller.abort(reason);
  }

  /** Gives all of them back. */
  release(): void {
    this.isEnding = true;
    const reason = new JobError('ERR_JOB_RELEASED', 'the process ends before the job does');
    for (const { controller } of this.running.values()) controller.abort(reason);
  }

  private async attempt(name: string, type: JobType, ticket: Ticket, claim: JobClaim): Promise<void> {
    const { logger } = this.settings;
    const fields = { jobId: ticket.jobId, jobType: name, attempt: claim.attempt };
    const attempt: Attempt = { ticket, name, type, claim, fields, controller: new AbortController() };
    this.running.set(ticket.ticketId, attempt);
    this.metrics.started(name);
    const startedAt = performance.now();
    let outcome: AttemptOutcome = 'lost';
    try {
      logger.info(fields, 'Job started');
      const ending = await endingOf(attempt, this.settings);
      const durationMs = Math.round(performance.now() - startedAt);
      outcome = await settle(attempt, ending, durationMs, {
        ...this.settings,
        store: this.store,
        isEnding: () => this.isEnding,
      });
    } finally {
      this.running.delete(ticket.ticketId);
      this.metrics.ended(name, outcome, (performance.now() - startedAt) / 1000);
    }
  }
}

/** A job that nobody asked for, e.g. one written by hand, is found by its own id. */
function contextOf(kept: ContextFields, { jobId }: Ticket): ContextFields {
  return { ...kept, correlationId: kept.correlationId ?? jobId };
}
