import express from 'express';
import { createHealthRouter, createHttpServer, memoryCheck } from '../../../dist/index.js';
import { USER, USER_ROUTE } from './user.mjs';

/** Nothing but the health router in front of the route: neither of the two is helped by middleware that skips the other. */
export function healthRoute() {
  return served([memoryCheck({ warnPercent: 100 })]);
}

export function healthEmpty() {
  return served([]);
}

export function healthFifty() {
  return served(Array.from({ length: 50 }, (_, number) => ({ name: `check ${number}`, run: () => undefined })));
}

function served(checks) {
  const app = express();
  app.use(createHealthRouter({ checks }));
  app.get(USER_ROUTE, (_req, res) => {
    res.json(USER);
  });
  return createHttpServer(app).listen(0, '127.0.0.1');
}
