import type { AlertEvent } from 'express-runbook/alerts';

export const EVENT: AlertEvent = {
  id: '00000000-0000-4000-8000-000000000001',
  key: 'orders/HighErrorRatio',
  service: 'orders',
  status: 'firing',
  name: 'HighErrorRatio',
  severity: 'critical',
  message: 'Error rate at 5.23%',
  metadata: { errorRate: 0.0523 },
  at: Date.UTC(2026, 10, 22, 12),
  startedAt: Date.UTC(2026, 10, 22, 11, 55),
  isReminder: false,
  heldBack: 0,
};
