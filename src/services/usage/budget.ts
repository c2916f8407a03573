import type { BudgetEvent, UsageMeterSettings } from './options.js';

/** Looks, after a row was counted, whether the month of all clients together has come to a mark. */
export type BudgetWatch = (month: string) => Promise<void>;

// A statement of its own, after the one that counted: whoever commits last sees the rows of all, and the key lets one of them
// write each mark. No row is locked by every call.
const REACH = `
INSERT INTO llm_budget_marks (month, mark, cost_usd)
SELECT $1::date, mark, cost
FROM (SELECT sum(cost_usd) AS cost FROM llm_usage_months WHERE month = $1::date) AS spent,
     unnest($2::text[], $3::numeric[]) AS marks (mark, at)
WHERE cost >= at
ON CONFLICT DO NOTHING
RETURNING mark, cost_usd`;

interface Reached {
  readonly mark: BudgetEvent['kind'];
  readonly cost_usd: string;
}

/** Tells once, of all processes together, that the budget is nearly and that it is wholly spent. Refuses nothing. */
export function budgetWatch(settings: UsageMeterSettings): BudgetWatch {
  const { pool, monthlyBudgetUsd: budgetUsd, warnRatio, logger, onBudget } = settings;
  if (budgetUsd === undefined) return () => Promise.resolve();
  const marks = { warning: budgetUsd * warnRatio, exceeded: budgetUsd };

  async function tell(event: BudgetEvent): Promise<void> {
    const fields = { ...event };
    if (event.kind === 'warning') logger.warn(fields, 'LLM budget is nearly used up');
    else logger.error(fields, 'LLM budget is used up');
    try {
      await onBudget?.(event);
    } catch (error) {
      logger.error({ error }, 'onBudget failed');
    }
  }

  return async (month) => {
    const { rows } = await pool.query(REACH, [month, Object.keys(marks), Object.values(marks)]);
    // The statement returns these columns.
    for (const { mark, cost_usd } of rows as Reached[]) {
      void tell({ kind: mark, month, costUsd: Number(cost_usd), budgetUsd });
    }
  };
}
