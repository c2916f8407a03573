import { randomUUID } from 'node:crypto';
import { wordCounter } from '../../instruments/word-counter.js';
import { unavailable } from '../refusal.js';
import { AUDIT_PHASES, type AuditDetails, type AuditEvent, type AuditPhase } from './audit-record.js';
import { auditWriter } from './audit-writer.js';
import { resolveAuditLogOptions, type AuditLogOptions } from './options.js';

/** An event that was recorded as attempted. The first of the two calls ends it; later ones do nothing. */
export interface AuditedAction {
  succeeded(details?: AuditDetails): Promise<void>;
  /** `error` is recorded by its name and code; its message may quote what a client sent. */
  failed(error?: unknown): Promise<void>;
}

export interface AuditLog {
  /**
   * Records that something is about to be done. Rejects with a 503 `Audit log unavailable`, as an error for `errorHandler()`, when
   * the store could not keep it: what cannot be audited is not done.
   */
  begin(event: AuditEvent): Promise<AuditedAction>;
  /** `begin`, the work, and how it ended. Returns, or throws, what the work does. */
  run<Result>(event: AuditEvent, work: () => Promise<Result>): Promise<Result>;
}

/**
 * Records who did what in two phases: `attempted` before, `succeeded` or `failed` after. Each phase is a line of the logger's audit
 * channel and, with a `store`, a record there, with the ids of the request's context at that moment.
 *
 * The end of an event that cannot be stored refuses nothing, as the work is done: it stands in the audit channel, is counted in
 * `audit_failures_total` and logged as an error. A store that does not answer costs `timeoutMs`.
 *
 * @example
 * const audit = createAuditLog({ logger, store, context: getContext });
 * await audit.run({ action: 'project.delete', target: { type: 'project', id } }, () => deleteProject(id));
 */
export function createAuditLog(options: AuditLogOptions): AuditLog {
  const settings = resolveAuditLogOptions(options);
  const writer = auditWriter(settings);
  const countEvent = wordCounter(settings.registry, {
    name: 'audit_events_total',
    help: 'Audit events, by phase',
    label: 'phase',
    words: AUDIT_PHASES,
  });

  async function begin(event: AuditEvent): Promise<AuditedAction> {
    const eventId = randomUUID();
    let hasEnded = false;
    const saidOf = (phase: AuditPhase, details?: AuditDetails) => {
      countEvent(phase);
      return { ...event, details: { ...event.details, ...details }, eventId, phase };
    };
    const end = async (phase: AuditPhase, details?: AuditDetails): Promise<void> => {
      if (hasEnded) return;
      hasEnded = true;
      await writer.write(saidOf(phase, details));
    };
    const action: AuditedAction = {
      succeeded: (details) => end('succeeded', details),
      failed: (error) => end('failed', detailsOf(error)),
    };
    if (await writer.write(saidOf('attempted'))) return action;
    // Not to the store, whose time-out the client has waited for already.
    writer.say(saidOf('failed', { reason: 'audit log unavailable' }));
    throw unavailable('ERR_AUDIT_UNAVAILABLE', 'Audit log unavailable', 5);
  }

  return {
    begin,
    async run(event, work) {
      const action = await begin(event);
      try {
        const result = await work();
        await action.succeeded();
        return result;
      } catch (error) {
        await action.failed(error);
        throw error;
      }
    },
  };
}

function detailsOf(error: unknown): AuditDetails {
  if (!(error instanceof Error)) return {};
  const { code } = error as { code?: unknown };
  return { error: error.name, ...(typeof code === 'string' ? { code } : {}) };
}
