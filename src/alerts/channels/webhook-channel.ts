import { createHmac } from 'node:crypto';
import { requireOption, resolveOptions, type OptionCheck } from '../../core/options.js';
import { post } from '../receivers/post.js';
import { receiverOf } from '../receivers/receiver-url.js';
import { SEVERITIES, type Severity } from '../thresholds/index.js';
import type { AlertChannel } from './channel.js';
import { JSON_HEADERS, RECEIVER_CHECKS } from './receiver-options.js';

export interface WebhookChannelOptions {
  /** Where events are posted to as JSON. Required. */
  url: string;
  /** What events are signed with, at least 16 characters; the receiver has it too. Required. */
  secret: string;
  /**
   * Name of this channel in metrics and log lines.
   * @default 'webhook'
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

export const WEBHOOK_CHANNEL_DEFAULTS = Object.freeze({
  name: 'webhook',
  severities: Object.freeze([...SEVERITIES]),
  allowNetworks: Object.freeze([] as string[]),
});

const isSecret: OptionCheck = (value) =>
  typeof value === 'string' && value.length >= 16 ? undefined : 'must be a secret of at least 16 characters';

/**
 * Posts each event as JSON, signed: `X-Alert-Signature` is `v1=` and the HMAC-SHA256, in hex, of `X-Alert-Timestamp` (seconds since
 * 1970), a full stop and the body. A receiver refuses what is signed otherwise or is older than five minutes, and takes an
 * `X-Alert-Id` once: a message that was tried again has the same.
 *
 * @example
 * webhookChannel({ url: 'https://status.example.com/alerts', secret: config.alerts.webhookSecret });
 */
export function webhookChannel(options: WebhookChannelOptions): AlertChannel {
  const settings = resolveOptions('webhookChannel', options, WEBHOOK_CHANNEL_DEFAULTS, {
    ...RECEIVER_CHECKS,
    secret: isSecret,
  });
  requireOption('webhookChannel', 'url', settings.url, 'say where events are posted to');
  requireOption('webhookChannel', 'secret', settings.secret, 'openssl rand -base64 32 makes one');
  const { name, severities, secret, allowNetworks } = settings;
  const receiver = receiverOf('webhookChannel.url', settings.url, allowNetworks);
  return {
    name,
    severities,
    send(event, signal) {
      const body = JSON.stringify(event);
      // The time of this attempt: a receiver may refuse what is old.
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
      const signed = {
        'X-Alert-Id': event.id,
        'X-Alert-Timestamp': timestamp,
        'X-Alert-Signature': `v1=${signature}`,
      };
      return post(receiver, { ...JSON_HEADERS, ...signed }, body, signal);
    },
  };
}
