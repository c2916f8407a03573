import { MEASURES, type AlertRule, type AlertThreshold } from '../thresholds/index.js';

/** Whether one level of a rule is reached, of one resource. */
export interface Condition {
  /**
   * Takes what is measured now and says whether the alert is on. `isKnown`: another instance, or this service before its restart, has
   * told of this level or a worse one already, so that it need not hold once more.
   */
  step(value: number | undefined, now: number, isKnown: boolean): boolean;
  /** As of the latest step. */
  isOn(): boolean;
}

export interface ConditionSettings {
  /** Share of the threshold by which a value must have come back. */
  readonly hysteresis: number;
  /** For how long it must have come back. */
  readonly resolveAfterMs: number;
}

/**
 * On once the value was beyond the threshold at every look for `holdSeconds`; off once it was back, by a margin, at every look for
 * `resolveAfterMs`. A value that is not there is back.
 */
export function createCondition(rule: AlertRule, level: AlertThreshold, settings: ConditionSettings): Condition {
  const { threshold, holdSeconds } = level;
  const isAbove = rule.comparison === 'above';
  const bound = backBound(rule, threshold, settings.hysteresis);
  const isBeyond = (value: number | undefined, than: number): boolean =>
    value !== undefined && (isAbove ? value > than : value < than);
  let isOn = false;
  let since: number | undefined;

  return {
    step(value, now, isKnown) {
      // A clock that was set back must not make anything hold for longer.
      if (since !== undefined && now < since) since = now;
      const isTurning = isOn ? !isBeyond(value, bound) : isBeyond(value, threshold);
      if (!isTurning) {
        since = undefined;
        return isOn;
      }
      since ??= now;
      const neededMs = isOn ? settings.resolveAfterMs : isKnown ? 0 : holdSeconds * 1000;
      if (now - since >= neededMs) {
        isOn = !isOn;
        since = undefined;
      }
      return isOn;
    },
    isOn: () => isOn,
  };
}

/** States have no margin; that of a ratio which must rise can always be reached. */
function backBound({ comparison, measure }: AlertRule, threshold: number, hysteresis: number): number {
  const { unit } = MEASURES[measure];
  const margin = unit === 'state' ? 0 : Math.abs(threshold) * hysteresis;
  if (comparison === 'above') return threshold - margin;
  return unit === 'ratio' ? Math.min(threshold + margin, (1 + threshold) / 2) : threshold + margin;
}
