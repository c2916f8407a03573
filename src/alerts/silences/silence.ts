import type { Severity } from '../thresholds/index.js';

/** Which alerts nobody is told of for a while; what it leaves out may be anything. They are still logged, and shown as active. */
export interface Silence {
  readonly id: string;
  readonly name?: string;
  readonly resource?: string;
  readonly severity?: Severity;
  /** For whoever wonders. */
  readonly reason: string;
  /** Who asked for it. */
  readonly by?: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** A silence as it is asked for. */
export interface SilenceRequest extends Omit<Silence, 'id' | 'until'> {
  /** For how long, in milliseconds; at most a week. */
  readonly forMs: number;
}

interface Silenceable {
  readonly name: string;
  readonly resource?: string | undefined;
  readonly severity: Severity;
}

export function isSilenced(
  silences: readonly Silence[],
  { name, resource, severity }: Silenceable,
  now: number,
): boolean {
  return silences.some(
    (silence) =>
      silence.until > now &&
      (silence.name === undefined || silence.name === name) &&
      (silence.resource === undefined || silence.resource === resource) &&
      (silence.severity === undefined || silence.severity === severity),
  );
}
