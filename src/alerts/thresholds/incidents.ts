import { SEVERITIES, type Severity } from './severity.js';

/** What a team calls an incident, and how soon it must be taken up. Plain data. */
export interface IncidentLevel {
  /** In the team's words: `P1`, `High`. */
  readonly name: string;
  readonly meaning: string;
  /** Alerts of these severities are incidents of this level. */
  readonly severities: readonly Severity[];
  /** Minutes until somebody has said that they are on it. */
  readonly acknowledgeMinutes?: number;
  /** Minutes until it is over. */
  readonly resolveMinutes?: number;
}

/** The level of an alert; undefined when the team has no level for it. */
export function incidentLevelOf(levels: readonly IncidentLevel[], severity: Severity): IncidentLevel | undefined {
  return levels.find(({ severities }) => severities.includes(severity));
}

/** For teams that have no levels of their own: the severities themselves, without times. */
export const PLAIN_LEVELS: readonly IncidentLevel[] = Object.freeze(
  [...SEVERITIES].reverse().map((severity) => ({ name: severity, meaning: severity, severities: [severity] })),
);

const HOUR = 60;
const DAY = 24 * HOUR;

/** Minutes from what happens (a breach, an emergency, a planned maintenance) to what is due; before it when negative. */
export const INCIDENT_DEADLINES = Object.freeze({
  /** Who is concerned is told of a breach of personal data. */
  breachNotice: 72 * HOUR,
  /** The post-mortem of an emergency maintenance is written. */
  emergencyPostMortem: 24 * HOUR,
  /** A maintenance is announced. */
  maintenanceNotice: -7 * DAY,
  maintenanceBanner: -24 * HOUR,
  maintenanceReminder: -1 * HOUR,
});

/** When something is due, counted from `at`: when the breach was found, the emergency was over, the maintenance begins. */
export function dueAt(deadline: keyof typeof INCIDENT_DEADLINES, at: Date): Date {
  return new Date(at.getTime() + INCIDENT_DEADLINES[deadline] * 60_000);
}
