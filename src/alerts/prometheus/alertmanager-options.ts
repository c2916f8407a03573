import { isNumber, isObject, isText, isListOf } from '../../core/checks.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';
import { SEVERITIES, type AlertPreset } from '../thresholds/index.js';

export interface AlertmanagerOptions {
  /** Who is told of which severity, as presets say it. Required. */
  receivers: AlertPreset['receivers'];
  /**
   * Addresses that every alert is posted to as well, as Alertmanager does it. They stand in the file: none with a secret.
   * @default []
   */
  webhooks?: readonly string[];
  /**
   * Where alerts for the status page are posted to; without it nothing is.
   */
  statusPage?: string;
  /**
   * Folder on Alertmanager's machine with the secrets, one per file: `slack-api-url` and `pagerduty-routing-key`.
   * @default '/etc/alertmanager/secrets'
   */
  secretsDir?: string;
  /**
   * Mail server, with its port.
   * @default 'localhost:25'
   */
  smarthost?: string;
  /**
   * Sender of mails.
   * @default 'alertmanager@localhost'
   */
  from?: string;
  /**
   * All waits times this, for rehearsals.
   * @default 1
   */
  timeScale?: number;
}

export const ALERTMANAGER_DEFAULTS = Object.freeze({
  webhooks: Object.freeze([]),
  secretsDir: '/etc/alertmanager/secrets',
  smarthost: 'localhost:25',
  from: 'alertmanager@localhost',
  timeScale: 1,
});

export type AlertmanagerSettings = Resolved<AlertmanagerOptions, typeof ALERTMANAGER_DEFAULTS>;

export function resolveAlertmanagerOptions(options: AlertmanagerOptions): AlertmanagerSettings {
  const settings = resolveOptions('alertmanagerConfig', options, ALERTMANAGER_DEFAULTS, {
    receivers: areReceivers,
    webhooks: isListOf(isUrl),
    statusPage: isUrl,
    secretsDir: isText,
    smarthost: isText,
    from: isText,
    timeScale: isNumber(0.001, 1),
  });
  requireOption('alertmanagerConfig', 'receivers', settings.receivers, 'take those of a preset, or say your own');
  return settings;
}

const areReceivers: OptionCheck = (value) => {
  const problem = isObject(value);
  if (problem !== undefined) return problem;
  const missing = SEVERITIES.find((severity) => !Array.isArray((value as Record<string, unknown>)[severity]));
  return missing === undefined ? undefined : `must have a list for each severity, ${missing} has none`;
};

const isUrl: OptionCheck = (value) => {
  const isWeb = typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
  if (!isWeb) return 'must be an address that begins with http:// or https://';
  const { username, password } = new URL(value);
  return username + password === '' ? undefined : 'must have no password: the file is no place for one';
};
