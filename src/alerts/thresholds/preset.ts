import type { IncidentLevel } from './incidents.js';
import type { AlertRule } from './rule.js';
import type { Severity } from './severity.js';

/** Who is told. `log` and `database` are the service's own doing; a `page` wakes whoever is on call. */
export type Receiver =
  | { readonly kind: 'page' }
  | { readonly kind: 'slack'; readonly channel: string }
  | { readonly kind: 'email'; readonly to: string }
  | { readonly kind: 'statusPage' }
  | { readonly kind: 'log' }
  | { readonly kind: 'database' };

/** A table of thresholds with the people around it. Plain data: it survives a JSON round trip. */
export interface AlertPreset {
  readonly title: string;
  readonly rules: readonly AlertRule[];
  readonly incidentLevels: readonly IncidentLevel[];
  /** Who is told of an alert of each severity. */
  readonly receivers: Readonly<Record<Severity, readonly Receiver[]>>;
}
