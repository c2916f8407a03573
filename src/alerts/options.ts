import type { Registry } from 'prom-client';
import { SILENT_LOGGER, type Logger } from '../core/logger.js';
import { requireOption, resolveOptions, type Resolved } from '../core/options.js';
import { acceptedChannels, type AlertChannel } from './channels/channel.js';
import type { HealthView } from './measures/health-measures.js';
import type { MeasureReader } from './measures/measure-value.js';
import { ALERTS_CHECKS } from './option-checks.js';
import type { AlertStore } from './states/alert-store.js';
import { acceptedRules, type AlertRule, type IncidentLevel, type MeasureName } from './thresholds/index.js';

export interface AlertsOptions {
  /** Name of the service: in every message, and part of what makes two alerts the same. Required. */
  service: string;
  /**
   * When somebody is told of a measure: those of a preset (`ALERT_PRESETS`), or your own.
   * @default []
   */
  rules?: readonly AlertRule[];
  /**
   * The ways to people. Each has a queue of its own.
   * @default []
   */
  channels?: readonly AlertChannel[];
  /** Keeps every message; one that all instances share (`alertTables`) also has each alert told once, and restarts remember. */
  store?: AlertStore;
  /**
   * Measures that the service reads itself, before the registry and its health: `{ jobQueueDepth: () => 101 }`.
   * @default {}
   */
  measures?: Readonly<Partial<Record<MeasureName, MeasureReader>>>;
  /** Where measures are read from and `alerts_…` are counted: the registry of the service. */
  registry?: Registry;
  /** The health of the service: `() => ops.health.report()`. */
  health?: () => Promise<HealthView>;
  /** What the service calls severities, e.g. `ALERT_PRESETS.builder.incidentLevels`: messages say it. */
  levels?: readonly IncidentLevel[];
  /** Address of the folder with one page per rule, `<name>.md`, for rules that name none. */
  runbooks?: string;
  /** What messages go through before they leave the process: `createRedactor()` makes one. */
  redactor?: { text(text: string): string; value(value: unknown): unknown };
  /**
   * Told of every alert, as `ALERT: <name>`, and of what went wrong with telling.
   * @default no logger
   */
  logger?: Logger;
  /**
   * Milliseconds between two looks at the rules; 0 looks only when `tick()` is called.
   * @default 15000
   */
  intervalMs?: number;
  /**
   * Milliseconds that ratios, percentiles and rates are about.
   * @default 300000
   */
  windowMs?: number;
  /**
   * Requests, queries or calls within the window below which a share or percentile of them says nothing.
   * @default 20
   */
  minEvents?: number;
  /**
   * Share of the threshold by which a value must have come back before its alert is over; 0 for not at all.
   * @default 0.1
   */
  hysteresis?: number;
  /**
   * Milliseconds for which it must have come back.
   * @default four times `intervalMs`, a minute when that is 0
   */
  resolveAfterMs?: number;
  /**
   * Milliseconds after which an alert that goes on is told again, and within which one that is sent again is the same; 0 for no
   * reminders, and for telling of all that is sent.
   * @default 600000
   */
  repeatMs?: number;
  /**
   * Messages that one instance sends within a minute at most; what is beyond waits for the next.
   * @default 30
   */
  maxMessagesPerMinute?: number;
  /**
   * Milliseconds that one attempt to send may take.
   * @default 5000
   */
  sendTimeoutMs?: number;
  /**
   * Attempts after the first.
   * @default 4
   */
  retries?: number;
  /**
   * Milliseconds before the first of them; doubled for each that follows up to 30 seconds, half of it left to chance. A
   * `Retry-After` may ask for up to five minutes.
   * @default 1000
   */
  retryDelayMs?: number;
  /**
   * Milliseconds since 1970.
   * @default `Date.now`
   */
  now?: () => number;
}

export const ALERTS_DEFAULTS = Object.freeze({
  rules: Object.freeze([] as AlertRule[]),
  channels: Object.freeze([] as AlertChannel[]),
  measures: Object.freeze({}),
  logger: SILENT_LOGGER,
  intervalMs: 15_000,
  windowMs: 300_000,
  minEvents: 20,
  hysteresis: 0.1,
  repeatMs: 600_000,
  maxMessagesPerMinute: 30,
  sendTimeoutMs: 5000,
  retries: 4,
  retryDelayMs: 1000,
  now: (): number => Date.now(),
});

export type AlertsSettings = Resolved<AlertsOptions, typeof ALERTS_DEFAULTS> & { readonly resolveAfterMs: number };

const UNTIMED_RESOLVE_MS = 60_000;

/** Throws `ConfigError` for what cannot work, rules and channels included. */
export function resolveAlertsOptions(options: AlertsOptions): AlertsSettings {
  const settings = resolveOptions('createAlerts', options, ALERTS_DEFAULTS, ALERTS_CHECKS);
  requireOption('createAlerts', 'service', settings.service, "give the service a name, e.g. { service: 'orders' }");
  acceptedRules('createAlerts.rules', settings.rules);
  acceptedChannels(settings.channels);
  const { intervalMs, resolveAfterMs = intervalMs === 0 ? UNTIMED_RESOLVE_MS : 4 * intervalMs } = settings;
  return { ...settings, resolveAfterMs };
}
