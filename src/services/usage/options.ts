import type { Registry } from 'prom-client';
import {
  either,
  hasMethods,
  isFunction,
  isInteger,
  isLogger,
  isNumber,
  isObject,
  isRegistry,
} from '../../core/checks.js';
import type { GetContext } from '../../core/context.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { requireOption, resolveOptions, type Resolved } from '../../core/options.js';

/** What the meter needs of a `pg.Pool`; every one fits. */
export interface UsagePool {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly promptUsd: number;
  readonly completionUsd: number;
}

/** A client came to the warning mark, or to the end of its quota. Once each in a month. */
export interface QuotaEvent {
  readonly kind: 'warning' | 'exceeded';
  readonly clientId: string;
  /** Its first day, UTC: `2026-11-01`. */
  readonly month: string;
  readonly tokens: number;
  readonly quotaTokens: number;
}

/** All clients together came to the warning mark, or to the end, of what a month may cost. Once each in a month. */
export interface BudgetEvent {
  readonly kind: 'warning' | 'exceeded';
  /** Its first day, UTC: `2026-11-01`. */
  readonly month: string;
  readonly costUsd: number;
  readonly budgetUsd: number;
}

export interface UsageMeterOptions {
  /** On the database with the tables `llm_usage` and `llm_usage_months`. Required. */
  pool: UsagePool;
  /**
   * Prices by the name of the model; one that is not here has no cost.
   * @default no prices
   */
  prices?: Readonly<Record<string, ModelPrice>>;
  /**
   * Tokens that a client may use in a calendar month (UTC), or who tells; `undefined` for a client without a quota.
   * @default no quota
   */
  monthlyTokens?: number | ((clientId: string) => number | undefined | Promise<number | undefined>);
  /**
   * US dollars that all clients together may cost in a calendar month (UTC), by `prices`. Beyond it somebody is told and nothing
   * is refused. Needs the table `llm_budget_marks` too.
   * @default no budget
   */
  monthlyBudgetUsd?: number;
  /**
   * Share of the quota, and of the budget, from which on there is a warning.
   * @default 0.8
   */
  warnRatio?: number;
  /**
   * Told once per client and month when the warning mark is reached, and once when the quota is.
   * @default nobody
   */
  onQuota?: (event: QuotaEvent) => void | Promise<void>;
  /**
   * Told once a month when the warning mark of the budget is reached, and once when all of it is; of several processes one is told.
   * @default nobody
   */
  onBudget?: (event: BudgetEvent) => void | Promise<void>;
  /**
   * Clients that the label `client_id` of the counters tells apart; those that come after them share `__other__`. 0 leaves the
   * label out. Each is a series per model for as long as the process lives.
   * @default 0
   */
  maxClients?: number;
  /** Who is asking, for the lines: `getContext` of this package. */
  context?: GetContext;
  /**
   * One line per call at `info` with its tokens and cost, and the warnings.
   * @default no logger
   */
  logger?: Logger;
  /**
   * Where `llm_tokens_total`, `llm_cost_usd_total` and `llm_quota_used_ratio` are shown.
   * @default nowhere
   */
  registry?: Registry;
  /**
   * Milliseconds since 1970, for the month.
   * @default `Date.now`
   */
  now?: () => number;
}

export const USAGE_METER_DEFAULTS = Object.freeze({
  prices: Object.freeze({}) as Readonly<Record<string, ModelPrice>>,
  warnRatio: 0.8,
  maxClients: 0,
  logger: SILENT_LOGGER,
  now: Date.now,
});

export type UsageMeterSettings = Resolved<UsageMeterOptions, typeof USAGE_METER_DEFAULTS>;

export function resolveUsageMeterOptions(options: UsageMeterOptions): UsageMeterSettings {
  const settings = resolveOptions('createUsageMeter', options, USAGE_METER_DEFAULTS, {
    pool: hasMethods('query'),
    prices: isPrices,
    monthlyTokens: either(isInteger(0), isFunction),
    monthlyBudgetUsd: isNumber(0, Number.MAX_SAFE_INTEGER),
    warnRatio: isNumber(0, 1),
    onQuota: isFunction,
    onBudget: isFunction,
    maxClients: isInteger(0, 1000),
    context: isFunction,
    logger: isLogger,
    registry: isRegistry,
    now: isFunction,
  });
  requireOption('createUsageMeter', 'pool', settings.pool, 'give the pg.Pool of the database with its tables');
  return settings;
}

function isPrices(value: unknown): string | undefined {
  const problem = isObject(value);
  if (problem !== undefined) return problem;
  const isPrice = (price: unknown): boolean => isNumber(0, Number.MAX_SAFE_INTEGER)(price) === undefined;
  const isWrong = Object.values(value as object).some(
    (one: Partial<ModelPrice> | null) => !isPrice(one?.promptUsd) || !isPrice(one?.completionUsd),
  );
  return isWrong ? 'must have promptUsd and completionUsd for each model, numbers of at least 0' : undefined;
}
