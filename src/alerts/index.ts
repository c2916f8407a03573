export * from './thresholds/index.js';
export * from './prometheus/index.js';
export { RUNBOOK_NAMES, runbookPages } from './runbooks/runbook-pages.js';
export * from './grafana/index.js';
export { createAlerts } from './create-alerts.js';
export type { Alerts } from './alerts.js';
export { ALERTS_DEFAULTS, type AlertsOptions } from './options.js';
export type { Alert, AlertEvent } from './alert.js';
export type { ActiveAlert } from './states/active-alerts.js';
export type { Silence, SilenceRequest } from './silences/silence.js';
export type { HealthView } from './measures/health-measures.js';
export type { MeasureReader, MeasureReading, MeasureValue } from './measures/measure-value.js';
export { alertTables, type AlertPool, type AlertTablesOptions } from './states/alert-tables.js';
export type { AlertStore, SharedAlerts, SharedState } from './states/alert-store.js';
export { alertChannels, type AlertReceivers } from './channels/alert-channels.js';
export type { AlertChannel } from './channels/channel.js';
export { AlertChannelError } from './channels/channel-error.js';
export {
  slackChannel,
  SLACK_CHANNEL_DEFAULTS,
  type SlackChannel,
  type SlackChannelOptions,
} from './channels/slack-channel.js';
export {
  pagerDutyChannel,
  PAGER_DUTY_CHANNEL_DEFAULTS,
  type PagerDutyChannelOptions,
} from './channels/pagerduty-channel.js';
export { webhookChannel, WEBHOOK_CHANNEL_DEFAULTS, type WebhookChannelOptions } from './channels/webhook-channel.js';
