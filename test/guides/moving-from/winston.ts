import { createLogger, getContext, profile } from 'express-runbook';

export const logger = createLogger({
  level: 'debug',
  schema: 'winston',
  service: 'orders', // defaultMeta
  environment: 'production',
  context: getContext,
  dir: process.env.LOG_DIR, // transports.File: combined.log, and error.log
  appFile: 'combined.log',
  stdout: { write: () => undefined }, // no transports.Console; without this option lines go to standard output too
});

logger.info('Order placed', { orderId: 7 });
logger.error('Order failed', new Error('no bolts left'));
logger.error(new Error('no nuts left'));
logger.http('Asked', { path: '/orders/7' });
logger.child({ module: 'stock' }).warn('%s bolts left', 3, { threshold: 10 });

const work = profile(logger, 'import orders'); // logger.startTimer()
work.end({ orders: 12 }); // timer.done({ … })
