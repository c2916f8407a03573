import express from 'express';
import { createHealthRouter, createHttpServer, memoryCheck } from '../../../dist/index.js';
import { USER, USER_ROUTE } from './user.mjs';

/** Nothing but the health router in front of the route: neither of the two is helped by middleware that skips the other. */
export function healthRoute() {
  const app = express();
  app.use(createHealthRouter({ checks: [memoryCheck({ warnPercent: 100 })] }));
  app.get(USER_ROUTE, (_req, res) => {
    res.json(USER);
  });
  return createHttpServer(app).listen(0, '127.0.0.1');
}
