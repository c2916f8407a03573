import { TIMED_OUT, withDeadline } from '../core/deadline.js';
import { createConditions, type Found, type IsKnown } from './conditions/conditions.js';
import { ailing, type HealthView } from './measures/health-measures.js';
import { createMeasured } from './measures/measured.js';
import { isMeasured } from './measures/is-measured.js';
import type { AlertsSettings } from './options.js';

/** Looks at what the rules are about. */
export interface Watch {
  /** Which alerts are on now, as this instance sees it. `isKnown`: see `Condition`. */
  look(isKnown: IsKnown): Promise<Look>;
  close(): void;
}

interface Look {
  readonly found: readonly Found[];
  /** Everything that was to be read was read. */
  readonly isWhole: boolean;
}

/** Well above what checks have by themselves: whoever asks for the health hears that a check timed out, and not nothing. */
const HEALTH_MS = 10_000;

export function createWatch(settings: AlertsSettings): Watch {
  const { rules, registry, measures, windowMs, minEvents, now, logger } = settings;
  const failing = new Set<string>();
  const failed = new Set<string>();
  const fail = (what: string, error: unknown): void => {
    failed.add(what);
    if (!failing.has(what)) logger.warn({ measure: what, error }, 'A measure of alerts cannot be read');
  };
  const wanted = new Set(rules.map(({ measure }) => measure));
  const measured = createMeasured({ wanted, registry, own: measures, windowMs, minEvents, now, onError: fail });
  const conditions = createConditions({ ...settings, runbooks: settings.runbooks });
  const unmeasured = rules.filter(({ measure }) => !isMeasured(measure, settings)).map(({ name }) => name);
  if (unmeasured.length > 0)
    logger.info({ rules: unmeasured }, 'Alert rules about what nothing measures in this process');

  async function healthNow(): Promise<HealthView | undefined> {
    try {
      const { health } = settings;
      if (health === undefined) return undefined;
      const view = await withDeadline(Promise.resolve().then(health), HEALTH_MS);
      if (view === TIMED_OUT) throw new Error(`health was not known within ${String(HEALTH_MS)} ms`);
      return view;
    } catch (error) {
      fail('health', error);
      return undefined;
    }
  }

  return {
    async look(isKnown) {
      failed.clear();
      const health = await healthNow();
      const readings = await measured.read(health, failed.has('health'));
      const found = conditions.step(readings, now(), isKnown, health === undefined ? [] : ailing(health));
      // Said once, and again after it has worked in between.
      failing.clear();
      for (const what of failed) failing.add(what);
      return { found, isWhole: failed.size === 0 };
    },
    close: () => measured.close(),
  };
}
