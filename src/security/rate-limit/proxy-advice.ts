import type { Logger } from '../../core/logger.js';
import type { ExpressRequest } from '../../core/middleware.js';

const CURE = "name the proxies by address: app.set('trust proxy', ['10.0.0.0/8'])";

/** Says once that addresses are not what they seem, when a request shows it. */
export function proxyAdvice(logger: Logger): (req: ExpressRequest) => void {
  let isDone = false;
  let isFirst = true;
  return (req) => {
    const isForwarded = req.headers['x-forwarded-for'] !== undefined;
    // What the setting alone shows, the first request has shown: asking Express for it costs every request.
    if (isDone || (!isFirst && !isForwarded)) return;
    isFirst = false;
    const problem = problemOf(req.app?.get('trust proxy'), isForwarded);
    if (problem === undefined) return;
    isDone = true;
    logger.warn({ cure: CURE }, problem);
  };
}

/** `trusted` as https://expressjs.com/en/guide/behind-proxies.html has it. */
function problemOf(trusted: unknown, isForwarded: boolean): string | undefined {
  if (trusted === true)
    return 'Every proxy is trusted: anybody can invent an address for each request and is never limited';
  if (typeof trusted === 'number' && trusted > 0)
    return 'Proxies are trusted by their number: who reaches this service past them can invent addresses';
  const trustsNobody = trusted === undefined || trusted === false || (Array.isArray(trusted) && trusted.length === 0);
  if (isForwarded && trustsNobody)
    return 'X-Forwarded-For came, and no proxy is trusted: behind a proxy all clients share one limit';
  return undefined;
}
