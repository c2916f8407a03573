import type { MeasureName } from './measures.js';
import { LEVEL_SEVERITIES, type AlertLevel, type Severity } from './severity.js';

export interface AlertThreshold {
  /** In the unit of the measure: ratios from 0 to 1, times in seconds. A value that equals it is still fine. */
  readonly threshold: number;
  /** Seconds for which the value must be beyond it without a pause; 0 tells at once. */
  readonly holdSeconds: number;
  /**
   * Decides who is told.
   * @default `medium` for a warning, `critical` for what is critical
   */
  readonly severity?: Severity;
}

/** When somebody is told of a measure. Plain data: it survives a JSON round trip. */
export interface AlertRule {
  /** In CamelCase, once per table: the name of the alert and of its runbook page. */
  readonly name: string;
  /** What is watched; `MEASURES` says what each is. */
  readonly measure: MeasureName;
  /** On which side of the threshold it is bad. */
  readonly comparison: 'above' | 'below';
  /** Worth a look. */
  readonly warning?: AlertThreshold;
  /** Cannot wait. */
  readonly critical?: AlertThreshold;
  /** One sentence that is always true of the alert. */
  readonly summary: string;
  /**
   * Address of the page that says what to do.
   * @default `<name>.md` among the generated pages
   */
  readonly runbook?: string;
}

/** The severity of a level of this rule; undefined when the rule does not have that level. */
export function severityOf(rule: AlertRule, level: AlertLevel): Severity | undefined {
  const threshold = rule[level];
  return threshold === undefined ? undefined : (threshold.severity ?? LEVEL_SEVERITIES[level]);
}
