import express, { type Express } from 'express';
import { NotFoundError, type Ops } from 'express-runbook';

/** The service's own part: what stands between `ops.before` and `ops.after`. */
export function routes(app: Express, { logger }: Ops): void {
  app.use(express.json());
  app.get('/orders/:id', (req, res) => {
    if (req.params.id === '0') throw new NotFoundError('Order');
    logger.info({ orderId: req.params.id }, 'Order shown');
    res.json({ id: req.params.id });
  });
  app.post('/login', (req, res) => {
    logger.info({ body: req.body as unknown }, 'Login');
    res.sendStatus(204);
  });
  app.post('/invoices', (_req, res) => {
    res.sendStatus(202);
    setImmediate(() => logger.info('Invoice sent'));
  });
}
