import { createOps } from 'express-runbook';

export const ops = createOps({ service: 'orders' });

const ordersPlaced = ops.metrics.counter({
  name: 'orders_placed_total',
  help: 'Orders that were placed, by channel.',
  labelNames: ['channel'],
});
ordersPlaced.inc({ channel: 'web' });
