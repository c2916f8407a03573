import { alertOf } from '../alert-of.js';
import type { AlertRule } from '../rule.js';

/** What the health of a service says by itself (ALR-16 to ALR-18). */
export const HEALTH_RULES: readonly AlertRule[] = [
  alertOf('livenessFailing', { critical: { threshold: 0, holdSeconds: 0 } }),
  alertOf('readinessFailing', { critical: { threshold: 0, holdSeconds: 300 } }),
  alertOf('overallStatus', {
    warning: { threshold: 0, holdSeconds: 900 },
    critical: { threshold: 1, holdSeconds: 0 },
  }),
];
