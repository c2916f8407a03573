import type { IncomingMessage } from 'node:http';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { HealthSettings } from '../options.js';

/** Whether a caller sees more than status and names. */
export type DetailsAccess = (req: IncomingMessage) => boolean | Promise<boolean>;

/** By what the service says of the request alone: behind a proxy everybody comes from loopback. A doubt is a no. */
export function detailsAccess({ details, authorise, logger, responseDeadlineMs }: HealthSettings): DetailsAccess {
  if (details === 'always') return () => true;
  if (details === 'never' || authorise === undefined) return () => false;

  function refused(error: unknown): false {
    logger.error({ err: error }, 'Whether a caller may see the details of the health checks could not be found out');
    return false;
  }

  async function inTime(asked: Promise<unknown>): Promise<boolean> {
    try {
      const said = await withDeadline(asked, responseDeadlineMs);
      return said === TIMED_OUT ? refused(new Error(`no answer within ${responseDeadlineMs} ms`)) : said === true;
    } catch (error) {
      return refused(error);
    }
  }

  return (req) => {
    try {
      const said: unknown = authorise(req);
      return typeof said === 'object' ? inTime(Promise.resolve(said)) : said === true;
    } catch (error) {
      return refused(error);
    }
  };
}
