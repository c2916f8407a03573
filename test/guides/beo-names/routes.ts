import { NotFoundError } from 'express-runbook';
import { eventsOf, health, metrics } from './lib.js';
import { handled, userIdOf } from './route-handler.js';

/** app/api/health/route.ts */
export async function getHealth(): Promise<Response> {
  const { statusCode, headers, body } = await health.answer();
  return new Response(body, { status: statusCode, headers });
}

/** app/metrics/route.ts */
export async function getMetrics(): Promise<Response> {
  return new Response(await metrics.render(), { headers: { 'Content-Type': metrics.registry.contentType } });
}

/** app/api/events/route.ts */
export const getEvents = handled('/api/events', async (request) => {
  const userId = await userIdOf(request);
  if (userId === undefined) throw new NotFoundError('User');
  return Response.json({ success: true, data: await eventsOf(userId) });
});
