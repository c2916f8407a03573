import type { Config } from 'express-runbook';

/** Where the API is mounted; empty at the root. */
export function apiPathOf({ apiPrefix }: Config): string {
  return apiPrefix === '' ? '' : `/${apiPrefix}`;
}
