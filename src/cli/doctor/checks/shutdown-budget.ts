import { check } from '../doctor-check.js';
import { skip } from '../finding.js';
import { budgetFinding } from './budget.js';

export const shutdownBudget = check({
  id: 'shutdown.budget',
  title: 'whether a drain fits below SHUTDOWN_KILL_AFTER_MS',
  needs: ['settings'],
  run({ settings }) {
    const { killAfterMs } = settings.shutdown;
    if (killAfterMs === undefined) return skip('SHUTDOWN_KILL_AFTER_MS is not set');
    return budgetFinding({ by: 'the supervisor (SHUTDOWN_KILL_AFTER_MS)', afterMs: killAfterMs }, settings);
  },
});
