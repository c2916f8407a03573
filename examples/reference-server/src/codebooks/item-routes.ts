import { Router } from 'express';
import { methodNotAllowed, ValidationError } from 'express-runbook';
import type { Pool } from 'pg';
import type { Audit } from '../audit/audit.js';
import type { Callers } from '../auth/callers.js';
import type { BusinessMetrics } from '../business-metrics.js';
import { isForeignKeyViolation } from '../foreign-keys.js';
import { body, query } from '../validation.js';
import { codebookOf } from './codebook-of.js';
import { findItems, uploadItems } from './items.js';
import type { Codebook } from './queries.js';
import { itemPageSchema, newItemsSchema } from './schemas.js';

interface ItemParts {
  readonly audit: Audit;
  readonly business: BusinessMetrics;
  /** Told of items once they are there, e.g. to have them found. */
  readonly onUploaded: (codebook: Codebook, ids: readonly string[]) => Promise<void>;
}

const ITEMS = '/:clientId/codebooks/:codebookId/items';

export function itemRoutes(
  pool: Pool,
  { anyCaller }: Callers,
  { audit: { reads, changes }, business, onUploaded }: ItemParts,
): Router {
  const router = Router();

  router.get(ITEMS, anyCaller, async (req, res) => {
    const [codebook, page] = [await codebookOf(pool, req), query(itemPageSchema, req)];
    const target = { type: 'codebook', id: codebook.id };
    res.json(await reads.run({ action: 'codebook_item.list', target }, () => findItems(pool, codebook, page)));
  });

  router.post(ITEMS, anyCaller, async (req, res) => {
    const [codebook, { items }] = [await codebookOf(pool, req), body(newItemsSchema, req)];
    const event = {
      action: 'codebook_item.upload',
      target: { type: 'codebook', id: codebook.id },
      details: { items: items.length },
    };
    const ids = await changes
      .run(event, () => uploadItems(pool, codebook, items))
      .catch((error: unknown) => {
        throw isForeignKeyViolation(error) ? new ValidationError('division must be one of /csi-divisions') : error;
      });
    business.itemsUploaded(ids.length);
    await onUploaded(codebook, ids);
    res.status(201).json({ uploaded: ids.length });
  });

  router.all(ITEMS, methodNotAllowed('GET', 'POST'));

  return router;
}
