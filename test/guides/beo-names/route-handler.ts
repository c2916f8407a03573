import { randomUUID } from 'node:crypto';
import { errorAnswer, extendContext, getContext, runWithContext, UnauthorizedError } from 'express-runbook';
import { logger, metrics, tokens } from './lib.js';

type Handler = (request: Request) => Promise<Response>;

const ACCEPTED_ID = /^[A-Za-z0-9_][A-Za-z0-9_.:@/+=-]{0,127}$/; // as correlationId() has it
const requests = metrics.counter({
  name: 'http_requests_total',
  help: 'HTTP requests that are over.',
  labelNames: ['method', 'endpoint', 'status'],
});

/** A handler of Fetch requests, e.g. `export const GET = handled('/api/events', async (request) => …)`. */
export function handled(endpoint: string, handle: Handler): Handler {
  return (request) =>
    runWithContext({ requestId: randomUUID(), correlationId: correlationIdOf(request) }, async () => {
      const startedAt = performance.now();
      const answer = await answered(handle, request);
      const { status } = answer;
      requests.inc({ method: request.method, endpoint, status: String(status) });
      const { requestId = '', correlationId = '', userId } = getContext() ?? {};
      const { pathname, search } = new URL(request.url);
      const duration = Math.round(performance.now() - startedAt);
      const asked = { method: request.method, url: pathname + search, route: endpoint };
      logger.access({ requestId, correlationId, ...asked, statusCode: status, duration, userId }, 'Request completed');
      const headers = new Headers(answer.headers);
      headers.set('X-Request-ID', requestId);
      headers.set('X-Correlation-ID', correlationId);
      return new Response(answer.body, { status, headers });
    });
}

async function answered(handle: Handler, request: Request): Promise<Response> {
  try {
    return await handle(request);
  } catch (error) {
    const { statusCode, headers, body, isOperational } = errorAnswer(error, { requestId: getContext()?.requestId });
    if (statusCode >= 500 || !isOperational) logger.error('Error occurred', { err: error });
    else logger.info('Request refused', { statusCode });
    return new Response(body, { status: statusCode, headers });
  }
}

function correlationIdOf(request: Request): string {
  const given = request.headers.get('x-correlation-id') ?? '';
  return ACCEPTED_ID.test(given) ? given : randomUUID();
}

/** The guide's check of `Authorization: Bearer …`, with its three texts. */
export async function userIdOf(request: Request): Promise<string | undefined> {
  const credential = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  if (credential === undefined) throw new UnauthorizedError('Missing or invalid authorization header');
  const found = await tokens.authenticator.authenticate(credential);
  if (typeof found === 'string') throw new UnauthorizedError(found === 'expired' ? 'Token expired' : 'Invalid token');
  extendContext(found);
  return found.userId;
}
