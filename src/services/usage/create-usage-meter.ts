import { contextFields } from '../../core/context.js';
import { ConfigError } from '../../core/config-error.js';
import { describe } from '../../core/options.js';
import { budgetWatch } from './budget.js';
import { monthOf, secondsLeftIn } from './month-of.js';
import { resolveUsageMeterOptions, type UsageMeterOptions, type UsageMeterSettings } from './options.js';
import { UsageQuotaError } from './quota-error.js';
import { quotaEvents } from './quota-events.js';
import { logUsage } from './usage-line.js';
import { showQuotaUsed } from './quota-gauge.js';
import { usageCounters, type UsageRecord } from './usage-metrics.js';
import { usageTables, type MonthRow } from './usage-tables.js';

/** A call that is about to be made. */
export interface MeteredCall {
  /** Whose tokens they are. */
  readonly clientId: string;
  /** Name of the model, as `prices` has it. */
  readonly model: string;
  /** Tokens that it can use at most, prompt and completion together: so many are held back until it has ended. */
  readonly maxTokens: number;
  /** What it is for, e.g. `analysis`. */
  readonly operation?: string;
}

/** What a call gave, and what it used. */
export interface Metered<Value> {
  readonly value: Value;
  readonly usage: Pick<UsageRecord, 'promptTokens' | 'completionTokens'>;
}

export interface UsageMonth extends MonthRow {
  /** `undefined` without a quota. */
  readonly quotaTokens: number | undefined;
}

export interface UsageMeter {
  /**
   * Makes the call when the client's quota has room for it, and writes down what it used. Rejects with `UsageQuotaError` when
   * it has not, without a call; and with what the call rejects with. That the use could not be written is logged, and is no
   * reason to throw an answer away that was paid for.
   */
  metered<Value>(call: MeteredCall, work: () => Promise<Metered<Value>>): Promise<Value>;
  /** Writes down what was used, whatever the quota says. */
  record(usage: UsageRecord): Promise<void>;
  /** What the client used in this month. */
  month(clientId: string): Promise<UsageMonth>;
}

/**
 * Tokens and cost of language models per client and model: a row of `llm_usage` per call, the sum of each month in
 * `llm_usage_months`, counters, a monthly quota, a budget of all clients together. Exact however many calls and processes there are at once: PostgreSQL counts.
 * Needs the tables that `docs/guides/services.md` shows.
 *
 * @example
 * const meter = createUsageMeter({ pool, monthlyTokens: 1_000_000, registry: ops.metrics.registry, logger: ops.logger });
 * const text = await meter.metered({ clientId, model, maxTokens: 4000 }, () => complete(model, prompt));
 */
export function createUsageMeter(options: UsageMeterOptions): UsageMeter {
  const settings = resolveUsageMeterOptions(options);
  const tables = usageTables(settings.pool);
  const countUsage = usageCounters(settings.registry, settings.maxClients);
  const watchBudget = budgetWatch(settings);
  const tellOf = quotaEvents(settings);
  const showUsed = showQuotaUsed(settings);

  async function write(usage: UsageRecord, month: string, quotaTokens?: number, reservedTokens = 0): Promise<void> {
    const problem = problemWith(usage);
    if (problem !== undefined) throw problem;
    const costUsd = costOf(usage, settings);
    countUsage(usage, costUsd);
    logUsage(usage, costUsd, settings);
    const warnAt = quotaTokens === undefined ? undefined : Math.ceil(quotaTokens * settings.warnRatio);
    const row = { ...usage, operation: usage.operation, month, costUsd, reservedTokens, warnAt, quotaTokens };
    const counted = await tables.count(row);
    const where = { clientId: usage.clientId, month, quotaTokens: quotaTokens ?? 0 };
    showUsed(counted.tokens, where);
    tellOf(counted, where);
    if (costUsd !== undefined) await watchBudget(month);
  }

  async function metered<Value>(call: MeteredCall, work: () => Promise<Metered<Value>>): Promise<Value> {
    const { clientId, model, maxTokens, operation } = call;
    const month = monthOf(settings.now());
    const quotaTokens = await quotaOf(clientId, settings);
    const reserved = quotaTokens === undefined ? 0 : maxTokens;
    if (quotaTokens !== undefined && !(await tables.reserve(clientId, month, reserved, quotaTokens))) {
      throw new UsageQuotaError(secondsLeftIn(settings.now()));
    }
    const report = reportTo(settings, clientId);
    const release = async (): Promise<void> => {
      if (reserved > 0) await tables.release(clientId, month, reserved).catch(report);
    };
    let result: Metered<Value>;
    try {
      result = await work();
    } catch (error) {
      await release();
      throw error;
    }
    const usage = { clientId, model, ...result.usage, ...(operation === undefined ? {} : { operation }) };
    if (problemWith(usage) !== undefined) await release();
    await write(usage, month, quotaTokens, reserved).catch(report);
    return result.value;
  }

  return {
    metered,
    async record(usage) {
      await write(usage, monthOf(settings.now()), await quotaOf(usage.clientId, settings));
    },
    async month(clientId) {
      const quotaTokens = await quotaOf(clientId, settings);
      return { ...(await tables.month(clientId, monthOf(settings.now()))), quotaTokens };
    },
  };
}

function reportTo({ logger, context }: UsageMeterSettings, clientId: string): (error: unknown) => void {
  return (error) => {
    logger.error({ clientId, error, ...contextFields(context?.()) }, 'LLM usage could not be written');
  };
}

async function quotaOf(clientId: string, { monthlyTokens }: UsageMeterSettings): Promise<number | undefined> {
  return typeof monthlyTokens === 'function' ? await monthlyTokens(clientId) : monthlyTokens;
}

/** Own properties only: a model may be called `constructor`. */
function costOf(
  { model, promptTokens, completionTokens }: UsageRecord,
  { prices }: UsageMeterSettings,
): number | undefined {
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  if (price === undefined) return undefined;
  return (promptTokens * price.promptUsd + completionTokens * price.completionUsd) / 1_000_000;
}

function problemWith({ promptTokens, completionTokens }: UsageRecord): ConfigError | undefined {
  const wrong = [promptTokens, completionTokens].find((tokens) => !Number.isSafeInteger(tokens) || tokens < 0);
  if (wrong === undefined) return undefined;
  return new ConfigError('ERR_OPTION_INVALID', 'usage', `must be whole numbers of tokens, got ${describe(wrong)}`);
}
