import type { Command } from 'commander';
import {
  acceptedRules,
  ALERT_PRESETS,
  alertmanagerConfig,
  backupRules,
  GUIDE_RULES,
  PROMETHEUS_RULES_DEFAULTS,
  prometheusRules,
  prometheusRuleTests,
  runbookPages,
  type AlertPreset,
  type AlertRule,
  type Labels,
  type Objective,
  type RuleFile,
} from '../../../alerts/index.js';
import { HTTP_METRICS_DEFAULTS } from '../../../index.js';
import { defaultExport } from '../../default-export.js';
import { CommandError } from '../../exit-codes.js';
import { generate, made, withGenerateOptions, type GenerateOptions } from '../../generated/told.js';
import { yamlText } from '../../generated/yaml-text.js';
import { oneOf, said } from '../../option-values.js';
import type { Terminal } from '../../terminal.js';
import { age, availability, label, latency, perSecond, timeScale } from './options.js';

interface AlertsOptions extends GenerateOptions {
  readonly preset?: keyof typeof ALERT_PRESETS;
  readonly table?: string;
  readonly availability?: Objective;
  readonly latency?: Objective;
  readonly rpo?: number;
  readonly label?: Labels;
  readonly minPerSecond?: number;
  readonly runbooks?: string;
  readonly webhook?: string;
  readonly statusPage?: string;
  readonly timeScale?: number;
}

const EXPLAINED = `
Writes alerts.yml (thresholds and error budgets), alerts.test.yml (for promtool test rules), alerts-of-the-guides.yml (as two
guides print them, for those who want them), alertmanager.yml and runbooks/, a page per alert.
Exit codes: 0 done, 1 --check found a difference, 2 wrong usage.`;

export function generateAlerts(group: Command, terminal: Terminal): void {
  withGenerateOptions(group.command('generate'))
    .description('Makes the rule files of Prometheus, tests for them, the routing of Alertmanager, and runbook pages.')
    .option(
      '--preset <name>',
      `the table of a guide: ${Object.keys(ALERT_PRESETS).join(', ')}`,
      oneOf(Object.keys(ALERT_PRESETS)),
    )
    .option('--table <module>', 'a table of your own, which the module exports as its default', said)
    .option('--availability <percent>', 'a promise: so many requests do not fail, such as 99.9', availability)
    .option('--latency <percent:seconds>', 'a promise: so many requests are answered in time, such as 95:0.5', latency)
    .option('--rpo <time>', 'how old the newest backup may be, such as 26h: alerts on backups, too', age)
    .option('--label <name=value>', 'of the series of the service (default: job=service); can be repeated', label)
    .option(
      '--min-per-second <number>',
      `requests below which a share says nothing (default: ${String(PROMETHEUS_RULES_DEFAULTS.minPerSecond)})`,
      perSecond,
    )
    .option('--runbooks <url>', 'what the addresses of the runbook pages begin with (default: runbooks/)', said)
    .option('--webhook <url>', 'also post every alert there; no secret in it', said)
    .option('--status-page <url>', 'where alerts for the status page are posted to', said)
    .option(
      '--time-scale <factor>',
      'all times times this, for rehearsals: 0.02 makes 6 seconds of 5 minutes',
      timeScale,
    )
    .addHelpText('after', EXPLAINED)
    .action((options: AlertsOptions) => run(options, terminal));
}

async function run(options: AlertsOptions, terminal: Terminal): Promise<void> {
  const table = await tableOf(options);
  warnOfBuckets(options, terminal);
  await generate(
    terminal,
    options,
    made(() => filesOf(table, options)),
  );
}

async function tableOf({ preset, table }: AlertsOptions): Promise<AlertPreset> {
  if ((preset === undefined) === (table === undefined)) throw new CommandError('say either --preset or --table');
  if (preset !== undefined) return ALERT_PRESETS[preset];
  // prometheusRules and alertmanagerConfig refuse what is no table.
  return (await defaultExport(table ?? '')) as AlertPreset;
}

/** An alert on a bucket that nobody fills would never be made, or always. */
function warnOfBuckets({ latency: promise }: AlertsOptions, terminal: Terminal): void {
  const within = promise?.withinSeconds;
  const { buckets } = HTTP_METRICS_DEFAULTS;
  if (within === undefined || buckets.includes(within)) return;
  terminal.complain(`warning: ${String(within)} is no bucket unless you set so: ${buckets.join(', ')}\n`);
}

function filesOf(table: AlertPreset, options: AlertsOptions): Record<string, string> {
  const { label: labels, minPerSecond, runbooks, webhook, statusPage, timeScale: scale } = options;
  const objectives = [options.availability, options.latency].filter((one) => one !== undefined);
  const { incidentLevels } = table;
  const rules = { rules: rulesOf(table, options), incidentLevels, objectives, labels, minPerSecond, runbooks };
  const alertmanager = {
    receivers: table.receivers,
    webhooks: webhook === undefined ? [] : [webhook],
    statusPage,
    timeScale: scale,
  };
  const file = prometheusRules({ ...rules, timeScale: scale });
  const pages = Object.entries(runbookPages([...namesIn(file), ...namesIn(GUIDE_RULES)]));
  return {
    'alerts.yml': yamlText(file),
    // At another scale there is nothing to say about minutes.
    ...(scale === undefined ? { 'alerts.test.yml': yamlText(prometheusRuleTests(rules, ['alerts.yml'])) } : {}),
    'alerts-of-the-guides.yml': yamlText(GUIDE_RULES),
    'alertmanager.yml': yamlText(alertmanagerConfig(alertmanager)),
    ...Object.fromEntries(pages.map(([name, text]) => [`runbooks/${name}`, text])),
  };
}

function rulesOf({ rules }: AlertPreset, { rpo }: AlertsOptions): readonly AlertRule[] {
  // A list of its own is looked at before: a table may be anything.
  return rpo === undefined ? rules : [...acceptedRules('rules', rules), ...backupRules({ rpoSeconds: rpo })];
}

function namesIn({ groups }: RuleFile): string[] {
  return groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule.alert] : [])));
}
