import { createRedactor, secretValues, type Ops } from 'express-runbook';
import { alertChannels, alertTables, createAlerts, type Alerts } from 'express-runbook/alerts';
import type { Pool } from 'pg';
import type { Settings } from '../settings.js';
import { presetOf } from './preset.js';

/** The rules of the profile, watched here; who is told comes from the environment, and every message goes to the table `alerts`. */
export function createServiceAlerts({ config, profile }: Settings, ops: Ops, pool: Pool): Alerts {
  const { preset: name, intervalMs, runbooks } = config.alerts;
  const preset = name === undefined ? undefined : presetOf(name);
  const redactor = createRedactor({ sensitiveFields: config.log.sensitiveFields });
  redactor.registerSecrets(secretValues(config));
  const alerts = createAlerts({
    service: profile.service,
    rules: preset?.rules,
    levels: preset?.incidentLevels,
    channels: alertChannels(config.alerts, preset),
    store: alertTables({ pool }),
    registry: ops.metrics.registry,
    health: () => ops.health.report(),
    ...{ runbooks, redactor, intervalMs },
    logger: ops.logger,
  });
  ops.addAlerts(alerts);
  return alerts;
}
