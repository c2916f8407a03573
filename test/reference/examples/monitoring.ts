import {
  ALERT_PRESETS,
  alertmanagerConfig,
  grafanaDashboards,
  prometheusRules,
  runbookPages,
} from 'express-runbook/alerts';
import { stringify } from 'yaml';

const { rules, receivers } = ALERT_PRESETS.booky;

/** What to write where, by file name. */
export const files: Record<string, string> = {
  'alerts.yml': stringify(prometheusRules({ rules, labels: { job: 'orders' }, objectives: [{ target: 0.999 }] })),
  'alertmanager.yml': stringify(alertmanagerConfig({ receivers })),
  ...runbookPages(rules.map(({ name }) => name)),
};
for (const [name, dashboard] of Object.entries(grafanaDashboards({ uid: 'orders', title: 'Orders' })))
  files[name] = JSON.stringify(dashboard);
