import { extendContext, NotFoundError, principalOf } from 'express-runbook';
import type { Request } from 'express';
import type { Pool } from 'pg';
import { findClient, type Client } from './queries.js';
import { clientParams } from './schemas.js';

/**
 * Before anything that is a client's, or costs money: it is there, and a key acts for no client but its own; of others not even
 * that they are there. From here on the lines of the request name the client.
 */
export async function insistOnClient(pool: Pool, req: Request, clientId: string): Promise<Client> {
  const { clientId: own = clientId } = principalOf(req);
  const client = own === clientId ? await findClient(pool, clientId) : undefined;
  if (client === undefined) throw new NotFoundError('Client');
  extendContext({ clientId });
  return client;
}

/** The client of a path with `:clientId`. */
export async function clientOf(pool: Pool, req: Request): Promise<string> {
  const { clientId } = clientParams.parse(req.params);
  await insistOnClient(pool, req, clientId);
  return clientId;
}
