/** What somebody is about to do. */
export interface AuditEvent {
  /** What it is, e.g. `api_key.create`: one of a few words of the service's own. */
  readonly action: string;
  /** What it is done to. */
  readonly target?: { readonly type: string; readonly id: string };
  /** Facts worth knowing in seven years. Never a secret. */
  readonly details?: AuditDetails;
}

export type AuditDetails = Readonly<Record<string, string | number | boolean | null>>;

export const AUDIT_PHASES = ['attempted', 'succeeded', 'failed'] as const;

/**
 * `attempted` before it is done; then one of the others. An event without an end is one whose process died.
 * @useDeclaredType
 */
export type AuditPhase = (typeof AUDIT_PHASES)[number];

/** One phase of one event, as it is kept. */
export interface AuditRecord extends AuditEvent {
  /** The same in both phases. */
  readonly eventId: string;
  readonly phase: AuditPhase;
  readonly at: Date;
  readonly userId?: string | undefined;
  readonly clientId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly correlationId?: string | undefined;
}

/** Where audit events are kept. Rejects when one could not be. */
export interface AuditStore {
  append(record: AuditRecord): Promise<void>;
}
