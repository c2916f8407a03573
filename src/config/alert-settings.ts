/**
 * What is watched in the process, and who is told.
 * @inline
 */
export interface AlertSettings {
  /** Nothing is watched when absent. */
  readonly preset?: string;
  readonly intervalMs: number;
  readonly runbooks?: string;
  readonly slackWebhookUrl?: string;
  readonly pagerDutyRoutingKey?: string;
  readonly pagerDutyUrl?: string;
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  readonly allowNetworks: string[];
}
