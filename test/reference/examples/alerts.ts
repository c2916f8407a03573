import { createMetrics } from 'express-runbook';
import { ALERT_PRESETS, createAlerts, type AlertEvent } from 'express-runbook/alerts';

const { registry } = createMetrics({ service: 'orders' });
export const sent: AlertEvent[] = [];

export const alerts = createAlerts({
  service: 'orders',
  rules: ALERT_PRESETS.builder.rules,
  channels: [
    // In place of slackChannel(), pagerDutyChannel() or webhookChannel().
    { name: 'pager', severities: ['critical'], send: (event) => Promise.resolve(void sent.push(event)) },
  ],
  registry, // where the rules find their measures
});

await alerts.sendAlert({ name: 'Payments fail', severity: 'critical', message: '12 of 40 refused' });
