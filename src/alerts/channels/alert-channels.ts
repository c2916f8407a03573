import { ConfigError } from '../../core/config-error.js';
import { SEVERITIES, type AlertPreset, type Severity } from '../thresholds/index.js';
import type { AlertChannel } from './channel.js';
import { pagerDutyChannel } from './pagerduty-channel.js';
import { slackChannel } from './slack-channel.js';
import { webhookChannel } from './webhook-channel.js';

/** Where messages can go, as `config.alerts` has it. */
export interface AlertReceivers {
  readonly slackWebhookUrl?: string;
  readonly pagerDutyRoutingKey?: string;
  readonly pagerDutyUrl?: string;
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  readonly allowNetworks?: readonly string[];
}

/**
 * The channels that the environment names, each for the severities that the preset has for it: `page` is PagerDuty. What the preset says
 * nothing about is for all alerts, PagerDuty for critical ones. Throws `ConfigError` for an address that must not be, and for a webhook
 * without its secret.
 *
 * @example
 * alertChannels(ops.config.alerts, ALERT_PRESETS.booky);
 */
export function alertChannels(receivers: AlertReceivers, preset?: AlertPreset): AlertChannel[] {
  const { slackWebhookUrl, pagerDutyRoutingKey: routingKey, pagerDutyUrl, webhookUrl, webhookSecret } = receivers;
  const { allowNetworks = [] } = receivers;
  const channels: AlertChannel[] = [];
  refuseHalf(webhookUrl, webhookSecret);
  if (slackWebhookUrl !== undefined) channels.push(...slackChannels(slackWebhookUrl, allowNetworks, preset));
  if (routingKey !== undefined) {
    const severities = severitiesFor(preset, (kind) => kind === 'page');
    channels.push(
      pagerDutyChannel({
        ...{ routingKey, url: pagerDutyUrl, allowNetworks },
        ...(severities.length === 0 ? {} : { severities }),
      }),
    );
  }
  if (webhookUrl !== undefined && webhookSecret !== undefined) {
    channels.push(webhookChannel({ url: webhookUrl, secret: webhookSecret, allowNetworks }));
  }
  return channels;
}

/** An address that nothing is sent to would be found out in an emergency. */
function refuseHalf(url: string | undefined, secret: string | undefined): void {
  if ((url === undefined) === (secret === undefined)) return;
  const [missing, given] = url === undefined ? ['webhookUrl', 'webhookSecret'] : ['webhookSecret', 'webhookUrl'];
  throw new ConfigError('ERR_OPTION_REQUIRED', `alertChannels.${missing}`, `is required beside ${given}`);
}

/** One for each channel of Slack that the preset names. */
function slackChannels(url: string, allowNetworks: readonly string[], preset: AlertPreset | undefined): AlertChannel[] {
  const named = new Set<string>();
  for (const severity of SEVERITIES) {
    for (const receiver of preset?.receivers[severity] ?? []) {
      if (receiver.kind === 'slack') named.add(receiver.channel);
    }
  }
  if (named.size === 0) return [slackChannel({ url, allowNetworks })];
  return [...named].map((channel) => {
    const severities = severitiesFor(preset, (kind, to) => kind === 'slack' && to === channel);
    const name = named.size === 1 ? undefined : `slack ${channel}`;
    return slackChannel({ url, allowNetworks, channel, severities, name });
  });
}

function severitiesFor(preset: AlertPreset | undefined, isMeant: (kind: string, to?: string) => boolean): Severity[] {
  return SEVERITIES.filter((severity) =>
    preset?.receivers[severity].some((one) => isMeant(one.kind, one.kind === 'slack' ? one.channel : undefined)),
  );
}
