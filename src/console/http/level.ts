import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExpressRequest, Next } from '../../core/middleware.js';
import { refusal } from '../../core/refusal.js';
import type { AuditPort, LevelPort } from '../ports.js';
import { LINE_LEVELS, type LevelView } from '../wire/index.js';
import { sendJson } from './answers.js';

type Handler = (req: IncomingMessage, res: ServerResponse, next: Next) => void;

/** The level of the log: the one thing that can be changed here. */
export interface LogLevel {
  view(): LevelView;
  /** For a time, after which it is what it was. */
  readonly change: Handler;
  /** Back at once. */
  readonly restore: Handler;
}

const MIN_MS = 1000;
const MAX_MS = 3_600_000;

export function createLogLevel(level: LevelPort, audit: AuditPort, now: () => number): LogLevel {
  let changed: { readonly before: string; readonly until: number } | undefined;

  function current(): typeof changed {
    if (changed !== undefined && changed.until <= now()) changed = undefined;
    return changed;
  }

  function view(): LevelView {
    return { current: level.current(), levels: LINE_LEVELS, ...current() };
  }

  /** Recorded before it is done: what cannot be is not. */
  function audited(req: ExpressRequest, details: Record<string, string | number>, work: () => void): Promise<void> {
    const from = level.current();
    const address = req.ip ?? req.socket.remoteAddress ?? 'unknown';
    const event = { action: 'log_level.change', target: { type: 'logger', id: 'level' } };
    return audit.run({ ...event, details: { from, ...details, address } }, () => {
      work();
      return Promise.resolve();
    });
  }

  return {
    view,
    change(req, res, next) {
      const query = new URL(req.url ?? '', 'http://unused').searchParams;
      const to = query.get('level') ?? '';
      const forMs = Number(query.get('forMs'));
      if (!LINE_LEVELS.some((known) => known === to)) {
        next(badRequest(`level must be one of ${LINE_LEVELS.join(', ')}`));
      } else if (!Number.isSafeInteger(forMs) || forMs < MIN_MS || forMs > MAX_MS) {
        next(badRequest(`forMs must be a whole number from ${MIN_MS} to ${MAX_MS}`));
      } else {
        audited(req, { to, forMs }, () => {
          const before = current()?.before ?? level.current();
          level.change(to, forMs);
          changed = { before, until: now() + forMs };
        })
          .then(() => sendJson(res, 200, view()))
          .catch(next);
      }
    },
    restore(req, res, next) {
      const before = current()?.before;
      if (before === undefined) {
        sendJson(res, 200, view());
        return;
      }
      audited(req, { to: before }, () => {
        level.change(before);
        changed = undefined;
      })
        .then(() => sendJson(res, 200, view()))
        .catch(next);
    },
  };
}

function badRequest(message: string): Error {
  return refusal({ name: 'ValidationError', statusCode: 400, code: 'ERR_VALIDATION', message });
}
