import type { IncomingMessage, ServerResponse } from 'node:http';

/** @inline */
export type Next = (error?: unknown) => void;

/** Typed against `node:http`, so it fits Express 4, Express 5 and Connect alike. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: Next) => void;

/** Four parameters: how Express recognises an error handler (https://expressjs.com/en/guide/error-handling.html). */
export type ErrorMiddleware = (error: unknown, req: IncomingMessage, res: ServerResponse, next: Next) => void;

/** What Express adds to a request and this package reads: public and documented fields only. */
export interface ExpressRequest extends IncomingMessage {
  originalUrl?: string;
  baseUrl?: string;
  path?: string;
  ip?: string;
  app?: {
    get(setting: string): unknown;
    /** Of an app that was mounted on another one the template of the mount. */
    path(): unknown;
  };
  route?: { path?: unknown };
}
