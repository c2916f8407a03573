import express, { type Express, type RequestHandler } from 'express';
import express4 from 'express4';

/** The same test body on both supported majors of Express. */
export const EXPRESS_MAJORS: readonly (readonly [label: string, create: typeof express])[] = [
  ['Express 5', express],
  // Express 4 is typed by @types/express 5 here: what the tests use of it is the same in both.
  ['Express 4', express4 as typeof express],
];

/** An app with this middleware in front and one route that answers 200 `{ ok: true }`. */
export function appWith(...middleware: RequestHandler[]): Express {
  const app = express();
  for (const one of middleware) app.use(one);
  app.get('/', (_req, res) => {
    res.json({ ok: true });
  });
  return app;
}
