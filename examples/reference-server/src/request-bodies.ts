import express, { Router, type RequestHandler } from 'express';
import { bodyLimit } from 'express-runbook';
import { refuseBrokenText } from './validation.js';

const MAX_JSON_BYTES = 100 * 1024;
const MAX_FILE_BYTES = 5 * 1024 * 1024;

/** Reads JSON bodies, within their limit; below `uploadPath` files have one of their own and are left for their route to read. */
export function requestBodies(uploadPath: string): Router {
  const router = Router();
  const files: RequestHandler = (_req, res, next) => {
    res.locals.isFile = true;
    next();
  };
  router.use(uploadPath, bodyLimit({ maxBytes: MAX_FILE_BYTES }), files);
  const readers: RequestHandler[] = [
    bodyLimit({ maxBytes: MAX_JSON_BYTES }),
    express.json({ limit: MAX_JSON_BYTES, verify: refuseBrokenText }),
  ];
  for (const reader of readers) {
    router.use((req, res, next) => {
      if (res.locals.isFile === true) next();
      else reader(req, res, next);
    });
  }
  return router;
}
