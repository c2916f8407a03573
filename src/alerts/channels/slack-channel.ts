import { isText } from '../../core/checks.js';
import { requireOption, resolveOptions } from '../../core/options.js';
import { post } from '../receivers/post.js';
import { receiverOf } from '../receivers/receiver-url.js';
import type { Receiver } from '../receivers/receiver.js';
import { SEVERITIES, type Severity } from '../thresholds/index.js';
import type { AlertChannel } from './channel.js';
import { JSON_HEADERS, RECEIVER_CHECKS } from './receiver-options.js';
import { slackEscaped, slackText } from './slack-text.js';

export interface SlackChannelOptions {
  /** The incoming webhook, a secret. Required. */
  url: string;
  /** Which channel, e.g. `#ops`. A webhook of a Slack app has one of its own and takes no other. */
  channel?: string;
  /**
   * Name of this channel in metrics and log lines.
   * @default 'slack'
   */
  name?: string;
  /**
   * Which alerts it is for.
   * @default ['low', 'medium', 'high', 'critical']
   */
  severities?: readonly Severity[];
  /**
   * Networks that are not public and may be posted to all the same, over plain HTTP too.
   * @default []
   */
  allowNetworks?: readonly string[];
}

export const SLACK_CHANNEL_DEFAULTS = Object.freeze({
  name: 'slack',
  severities: Object.freeze([...SEVERITIES]),
  allowNetworks: Object.freeze([] as string[]),
});

/** A channel of alerts that takes other messages as well. */
export interface SlackChannel extends AlertChannel {
  /** Posts a text of your own, escaped. Rejects with `AlertChannelError`. */
  post(text: string, signal: AbortSignal): Promise<void>;
}

/**
 * Posts alerts to Slack, or to what speaks its protocol (Mattermost, Rocket.Chat). Texts are shown as they are: they can neither
 * mention nor link nor format.
 *
 * @example
 * slackChannel({ url: config.alerts.slackWebhookUrl, channel: '#ops' });
 */
export function slackChannel(options: SlackChannelOptions): SlackChannel {
  const settings = resolveOptions('slackChannel', options, SLACK_CHANNEL_DEFAULTS, {
    ...RECEIVER_CHECKS,
    channel: isText,
  });
  requireOption('slackChannel', 'url', settings.url, 'make an incoming webhook in Slack and give its address');
  const { name, severities, channel, allowNetworks } = settings;
  const receiver = receiverOf('slackChannel.url', settings.url, allowNetworks);
  const send = (text: string, signal: AbortSignal): Promise<void> => postText(receiver, text, channel, signal);
  return {
    name,
    severities,
    send: (event, signal) => send(slackText(event), signal),
    post: (text, signal) => send(slackEscaped(text), signal),
  };
}

/** The escaped text, and no formatting of it. */
function postText(receiver: Receiver, text: string, channel: string | undefined, signal: AbortSignal): Promise<void> {
  const body = { text, mrkdwn: false, ...(channel === undefined ? {} : { channel }) };
  return post(receiver, JSON_HEADERS, JSON.stringify(body), signal);
}
