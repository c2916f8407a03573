import express from 'express';
import { bodyLimit, createLogger, errorHandler, methodNotAllowed, notFound, NotFoundError } from 'express-runbook';

const logger = createLogger({ service: 'orders', level: 'error' });
const maxBytes = 102_400;

export const app = express();
app.use(bodyLimit({ maxBytes }), express.json({ limit: maxBytes }));
app
  .route('/orders/:id')
  .get(() => {
    throw new NotFoundError('Order');
  })
  .all(methodNotAllowed('GET'));
app.use(notFound(), errorHandler({ logger }));
