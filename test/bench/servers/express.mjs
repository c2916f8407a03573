import express from 'express';
import { createHttpServer } from '../../../dist/index.js';
import { USER, USER_ROUTE } from './user.mjs';

function bareApp() {
  const app = express();
  app.get(USER_ROUTE, (_req, res) => {
    res.json(USER);
  });
  return app;
}

/** As everyone starts it. */
export function expressBare() {
  return bareApp().listen(0, '127.0.0.1');
}

export function expressPrepared() {
  return createHttpServer(bareApp()).listen(0, '127.0.0.1');
}
