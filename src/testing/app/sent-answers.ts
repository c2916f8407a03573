import type { ServerResponse } from 'node:http';
import { onCompletion } from '../../core/completion.js';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { Middleware } from '../../core/middleware.js';

/** Answers that are on their way: a client may have one before its line is written and its request counted. */
interface SentAnswers {
  /** To stand before everything that reports a request. */
  readonly follow: Middleware;
  /**
   * Resolves when every answer that was complete at this moment has been reported; to `false` when one was not within
   * `timeoutMs`. A handler that has not answered yet is not waited for.
   */
  reported(timeoutMs: number): Promise<boolean>;
}

export function sentAnswers(): SentAnswers {
  const open = new Map<ServerResponse, Promise<void>>();
  return {
    follow(req, res, next) {
      const over = new Promise<void>((resolve) => {
        // The first of the listeners. The others run before anything that waits for this promise does.
        onCompletion(req, res, () => {
          open.delete(res);
          resolve();
        });
      });
      open.set(res, over);
      next();
    },
    async reported(timeoutMs) {
      const sent = [...open].filter(([res]) => res.writableEnded).map(([, over]) => over);
      return (await withDeadline(Promise.all(sent), timeoutMs)) !== TIMED_OUT;
    },
  };
}
