/** How bad it is, most harmless first. Words of a team (`P0`, `High`) are names of its incident levels. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

/** @useDeclaredType */
export type Severity = (typeof SEVERITIES)[number];

/** A rule has one or both: what to look into, and what cannot wait. */
export const ALERT_LEVELS = ['warning', 'critical'] as const;

/** @useDeclaredType */
export type AlertLevel = (typeof ALERT_LEVELS)[number];

/** The severity of a level whose threshold names none. Only `critical` wakes somebody. */
export const LEVEL_SEVERITIES: Readonly<Record<AlertLevel, Severity>> = Object.freeze({
  warning: 'medium',
  critical: 'critical',
});
