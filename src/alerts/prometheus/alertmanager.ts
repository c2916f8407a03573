import { SEVERITIES, type Receiver, type Severity } from '../thresholds/index.js';
import {
  resolveAlertmanagerOptions,
  type AlertmanagerOptions,
  type AlertmanagerSettings,
} from './alertmanager-options.js';
import { durationText } from './promql.js';

/** @inline */
interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly group_wait?: string;
  readonly repeat_interval?: string;
}

/** What Alertmanager's file holds (https://prometheus.io/docs/alerting/latest/configuration/); plain data. */
export interface AlertmanagerConfig {
  readonly global?: Readonly<Record<string, string | boolean>>;
  readonly route: Route & {
    readonly group_by: readonly string[];
    readonly group_interval: string;
    readonly routes: readonly Route[];
  };
  readonly inhibit_rules: readonly object[];
  readonly receivers: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
}

/** What rules of others call them: the rules of the guides say `warning`, those of Prometheus' mixins `info`. */
const WORDS: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium|warning',
  low: 'low|info',
};

const [MINUTE, HOUR] = [60, 3600];
const TIMES: Readonly<Record<Severity, { waitSeconds: number; repeatSeconds: number }>> = {
  critical: { waitSeconds: 10, repeatSeconds: HOUR },
  high: { waitSeconds: 30, repeatSeconds: 4 * HOUR },
  medium: { waitSeconds: MINUTE, repeatSeconds: 12 * HOUR },
  low: { waitSeconds: 5 * MINUTE, repeatSeconds: 24 * HOUR },
};

/**
 * Alertmanager's configuration: each severity goes to its receivers, what is critical silences the lesser alerts on the same thing,
 * and ends are told as well. It holds no secret: they are read from files. A receiver `log` or `database` is the service's own.
 */
export function alertmanagerConfig(options: AlertmanagerOptions): AlertmanagerConfig {
  const settings = resolveAlertmanagerOptions(options);
  const span = (seconds: number): string => durationText(Math.max(1, Math.ceil(seconds * settings.timeScale)));
  const byImportance = [...SEVERITIES].reverse();
  const routes = byImportance.map((severity) => ({
    receiver: severity,
    matchers: [`severity=~"${WORDS[severity]}"`],
    group_wait: span(TIMES[severity].waitSeconds),
    repeat_interval: span(TIMES[severity].repeatSeconds),
  }));
  const hasMail = Object.values(settings.receivers)
    .flat()
    .some(({ kind }) => kind === 'email');
  return {
    ...(hasMail ? { global: { smtp_smarthost: settings.smarthost, smtp_from: settings.from } } : {}),
    route: {
      // Whoever names no severity is not left out.
      receiver: 'medium',
      group_by: ['alertname', 'job'],
      group_wait: span(TIMES.medium.waitSeconds),
      group_interval: span(5 * MINUTE),
      repeat_interval: span(TIMES.medium.repeatSeconds),
      routes,
    },
    inhibit_rules: [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity!="critical"'],
        equal: ['alertname', 'job', 'instance'],
      },
    ],
    receivers: byImportance.map((severity) => ({
      name: severity,
      ...configsOf(settings.receivers[severity], settings),
    })),
  };
}

function configsOf(receivers: readonly Receiver[], settings: AlertmanagerSettings): Readonly<Record<string, object[]>> {
  const configs: Record<string, object[]> = {};
  const add = (kind: string, config: object): void => {
    (configs[kind] ??= []).push({ ...config, send_resolved: true });
  };
  for (const receiver of receivers) {
    if (receiver.kind === 'page') {
      add('pagerduty_configs', { routing_key_file: `${settings.secretsDir}/pagerduty-routing-key` });
    } else if (receiver.kind === 'slack') {
      add('slack_configs', {
        api_url_file: `${settings.secretsDir}/slack-api-url`,
        channel: receiver.channel,
        title: '{{ .Status | toUpper }} {{ .CommonLabels.alertname }} {{ .CommonLabels.incident_level }}',
        text: '{{ range .Alerts }}{{ .Annotations.summary }} {{ .Annotations.description }} {{ .Annotations.runbook_url }}\n{{ end }}',
      });
    } else if (receiver.kind === 'email') {
      add('email_configs', { to: receiver.to });
    } else if (receiver.kind === 'statusPage' && settings.statusPage !== undefined) {
      add('webhook_configs', { url: settings.statusPage });
    }
  }
  for (const url of settings.webhooks) add('webhook_configs', { url });
  return configs;
}
