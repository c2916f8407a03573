import { requireOption, resolveOptions } from '../../core/options.js';
import { isText } from '../../core/checks.js';
import type { AlertEvent } from '../alert.js';
import { post } from '../receivers/post.js';
import { receiverOf } from '../receivers/receiver-url.js';
import type { Severity } from '../thresholds/index.js';
import type { AlertChannel } from './channel.js';
import { JSON_HEADERS, RECEIVER_CHECKS } from './receiver-options.js';

export interface PagerDutyChannelOptions {
  /** Integration key of an Events API v2 integration, a secret. Required. */
  routingKey: string;
  /**
   * Name of this channel in metrics and log lines.
   * @default 'pagerduty'
   */
  name?: string;
  /**
   * Which alerts somebody is called for.
   * @default ['critical']
   */
  severities?: readonly Severity[];
  /**
   * Where events go; `https://events.eu.pagerduty.com/v2/enqueue` for accounts in Europe.
   * @default 'https://events.pagerduty.com/v2/enqueue'
   */
  url?: string;
  /**
   * Networks that are not public and may be posted to all the same, over plain HTTP too.
   * @default []
   */
  allowNetworks?: readonly string[];
}

export const PAGER_DUTY_CHANNEL_DEFAULTS = Object.freeze({
  name: 'pagerduty',
  severities: Object.freeze(['critical' as const]),
  url: 'https://events.pagerduty.com/v2/enqueue',
  allowNetworks: Object.freeze([] as string[]),
});

// https://developer.pagerduty.com/docs/events-api-v2-overview: the words and lengths that it takes.
const SEVERITY_WORDS = { low: 'info', medium: 'warning', high: 'error', critical: 'critical' } as const;
const MAX_SUMMARY = 1024;

/**
 * Calls whoever is on duty, by PagerDuty's Events API v2: the messages about one alert are one incident (`dedup_key`), which the
 * end of the alert resolves.
 *
 * @example
 * pagerDutyChannel({ routingKey: config.alerts.pagerDutyRoutingKey });
 */
export function pagerDutyChannel(options: PagerDutyChannelOptions): AlertChannel {
  const settings = resolveOptions('pagerDutyChannel', options, PAGER_DUTY_CHANNEL_DEFAULTS, {
    ...RECEIVER_CHECKS,
    routingKey: isText,
  });
  const { name, severities, routingKey, url, allowNetworks } = settings;
  requireOption('pagerDutyChannel', 'routingKey', routingKey, 'the integration key of an Events API v2 integration');
  const receiver = receiverOf('pagerDutyChannel.url', url, allowNetworks);
  return {
    name,
    severities,
    send: (event, signal) => post(receiver, JSON_HEADERS, JSON.stringify(bodyOf(event, routingKey)), signal),
  };
}

function bodyOf(event: AlertEvent, routingKey: string): Record<string, unknown> {
  const about = { routing_key: routingKey, dedup_key: event.key };
  if (event.status === 'resolved') return { ...about, event_action: 'resolve' };
  const { name, message, service, severity, at, resource, metadata, level, runbook } = event;
  return {
    ...about,
    event_action: 'trigger',
    payload: {
      summary: `${name}: ${message}`.slice(0, MAX_SUMMARY),
      source: service,
      severity: SEVERITY_WORDS[severity],
      timestamp: new Date(at).toISOString(),
      ...(resource === undefined ? {} : { component: resource }),
      custom_details: { ...metadata, ...(level === undefined ? {} : { level }) },
    },
    ...(runbook === undefined || !URL.canParse(runbook) ? {} : { links: [{ href: runbook, text: 'Runbook' }] }),
  };
}
