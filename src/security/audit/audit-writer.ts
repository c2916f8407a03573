import { contextFields } from '../../core/context.js';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import { wordCounter } from '../../instruments/word-counter.js';
import { AUDIT_PHASES, type AuditDetails, type AuditEvent, type AuditPhase, type AuditRecord } from './audit-record.js';
import type { AuditLogSettings } from './options.js';

type Said = AuditEvent & { readonly eventId: string; readonly phase: AuditPhase };

interface AuditWriter {
  /** To the channel alone. */
  say(said: Said): void;
  /** To the channel, then to the store. Says whether the store has it; never rejects. */
  write(said: Said): Promise<boolean>;
}

export function auditWriter(settings: AuditLogSettings): AuditWriter {
  const { logger, store, context, redactor, timeoutMs, registry, now } = settings;
  const countFailure = wordCounter(registry, {
    name: 'audit_failures_total',
    help: 'Audit events that the store could not keep, by phase',
    label: 'phase',
    words: AUDIT_PHASES,
  });

  function recordOf(said: Said): AuditRecord {
    const { userId, clientId, requestId, correlationId } = context() ?? {};
    // A redactor gives objects back as objects, of the same keys.
    const details = redactor === undefined ? said.details : (redactor.value(said.details) as AuditDetails);
    return { ...said, details, at: new Date(now()), userId, clientId, requestId, correlationId };
  }

  function say(said: Said): void {
    logger.audit({ ...said, ...contextFields(context()) }, `${said.action} ${said.phase}`);
  }

  return {
    say,
    async write(said) {
      say(said);
      if (store === undefined) return true;
      const { eventId, action, phase } = said;
      try {
        // In a step of its own, so that a store which throws at once is one that rejects.
        const storing = Promise.resolve(recordOf(said)).then((record) => store.append(record));
        if ((await withDeadline(storing, timeoutMs)) === TIMED_OUT) throw new Error(`no answer within ${timeoutMs} ms`);
        return true;
      } catch (error) {
        countFailure(phase);
        logger.error({ error, eventId, action, phase }, 'Audit event could not be stored');
        return false;
      }
    },
  };
}
