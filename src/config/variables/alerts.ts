import { networks, url } from '../kinds/addresses.js';
import { timeMs } from '../kinds/numbers.js';
import { text } from '../kinds/words.js';
import { whole } from './variable.js';

const group = 'Alerts';
const address = (example: string) => ({ kind: url(['https', 'http'], example), secret: 'all' }) as const;

export const ALERT_VARIABLES = {
  ALERTS_PRESET: whole('alerts.preset', {
    group,
    kind: text('name or file'),
    description: 'Which rules are watched in the process: the name of a preset, or a JSON file of the same form.',
  }),
  ALERTS_INTERVAL_MS: whole('alerts.intervalMs', {
    group,
    kind: timeMs(0),
    default: '15000',
    description: 'How often the rules are looked at; 0 for never.',
  }),
  ALERTS_RUNBOOKS_URL: whole('alerts.runbooks', {
    group,
    kind: url(['https', 'http'], 'https://runbooks.example/alerts'),
    description: 'Folder with one page per rule, `<name>.md`: messages lead there.',
  }),
  SLACK_WEBHOOK_URL: whole('alerts.slackWebhookUrl', {
    group,
    ...address('https://hooks.slack.com/services/T0/B0/key'),
    description: 'Incoming webhook of Slack: alerts go there, and what `slack-notify` is told.',
  }),
  PAGERDUTY_ROUTING_KEY: whole('alerts.pagerDutyRoutingKey', {
    group,
    kind: text('secret'),
    secret: 'all',
    description: 'Integration key of PagerDuty (Events API v2): who is on duty is called for critical alerts.',
  }),
  PAGERDUTY_URL: whole('alerts.pagerDutyUrl', {
    group,
    kind: url(['https', 'http'], 'https://events.eu.pagerduty.com/v2/enqueue'),
    description: 'Where these go, for accounts that are not in the United States.',
  }),
  ALERTS_WEBHOOK_URL: whole('alerts.webhookUrl', {
    group,
    ...address('https://status.example/alerts'),
    description: 'Where every alert is posted to as signed JSON; needs ALERTS_WEBHOOK_SECRET.',
  }),
  ALERTS_WEBHOOK_SECRET: whole('alerts.webhookSecret', {
    group,
    kind: text('secret'),
    secret: 'all',
    description: 'What these are signed with, at least 16 characters: `openssl rand -base64 32` makes one.',
  }),
  ALERTS_ALLOW_NETWORKS: whole('alerts.allowNetworks', {
    group,
    kind: networks(),
    default: '',
    description: 'Networks that are not public and may be sent to all the same, over plain HTTP too.',
  }),
};
