import express, { type Express } from 'express';
import type {} from 'pino-http'; // the types of req.log
import { correlationId, errorHandler, extendContext, httpLogger, notFound, type RunbookLogger } from 'express-runbook';

export function appWith(logger: RunbookLogger): Express {
  const app = express();
  app.use(correlationId()); // genReqId
  app.use(httpLogger({ logger, slowThresholdMs: 500 })); // morgan(…), pinoHttp(…), expressWinston.logger(…)
  app.get('/orders/:id', (req, res) => {
    extendContext({ userId: '7' }); // customProps: on this line and every later one of the request
    req.log.info({ orderId: req.params.id }, 'Order looked up'); // pino-http's own, with the ids of the request
    res.json({ id: req.params.id });
  });
  app.use(notFound());
  app.use(errorHandler({ logger })); // expressWinston.errorLogger(…)
  return app;
}
