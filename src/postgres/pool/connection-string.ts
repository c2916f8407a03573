import pg from 'pg';
import type { OptionCheck } from '../../core/options.js';

/** By pg's own reading, which otherwise fails at the first query. A client that is not connected holds nothing. */
export const isConnectionString: OptionCheck = (value) => {
  const shape = 'must be a URL like postgres://user:password@host:5432/database';
  if (typeof value !== 'string' || value === '') return shape;
  try {
    new pg.Client({ connectionString: value });
    return undefined;
  } catch (error) {
    return `${shape} (${error instanceof Error ? error.message : 'it cannot be read'})`;
  }
};
