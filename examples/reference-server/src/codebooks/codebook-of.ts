import { NotFoundError } from 'express-runbook';
import type { Request } from 'express';
import type { Pool } from 'pg';
import { clientOf } from '../clients/insist-on-client.js';
import { findCodebook, type Codebook } from './queries.js';
import { codebookParams } from './schemas.js';

/** The codebook of a path with `:clientId` and `:codebookId`, which the caller may see. */
export async function codebookOf(pool: Pool, req: Request): Promise<Codebook> {
  const { codebookId } = codebookParams.parse(req.params);
  const codebook = await findCodebook(pool, await clientOf(pool, req), codebookId);
  if (codebook === undefined) throw new NotFoundError('Codebook');
  return codebook;
}
