import express from 'express';
import { createOps, createRedactor, secretValues } from 'express-runbook';
import { ALERT_PRESETS, alertChannels, alertTables, createAlerts } from 'express-runbook/alerts';
import { createPool } from 'express-runbook/postgres';

export const app = express();
export const ops = createOps({ service: 'orders' });
const { config, logger, metrics } = ops;

export const pool = createPool({ connectionString: config.database.url, logger, registry: metrics.registry });
ops.addPool(pool);

const redactor = createRedactor(); // what leaves the process has no secrets in it
redactor.registerSecrets(secretValues(config));
const preset = ALERT_PRESETS.builder;

export const alerts = createAlerts({
  service: 'orders',
  rules: preset.rules,
  levels: preset.incidentLevels, // messages say P1, P2, P3
  channels: alertChannels(config.alerts, preset), // those that the environment names
  store: alertTables({ pool }), // every message is kept, and instances tell together
  registry: metrics.registry, // where measures are read, and alerts_… counted
  health: () => ops.health.report(),
  redactor,
  logger,
});
ops.addAlerts(alerts); // hears of health at once; shutdown sends what waits

app.use(ops.before);
app.post('/payments', async (_req, res) => {
  await alerts.sendAlert({
    name: 'Payment provider refuses',
    severity: 'high',
    message: 'Error rate at 5.23%',
    metadata: { errorRate: 0.0523, threshold: 0.05 },
  }); // resolves at once
  res.sendStatus(202);
});
app.use(ops.after);
