import type { PoolClient } from 'pg';

/** Whether the client is fit for the next user. Never rejects. */
export async function rollback(client: PoolClient, onFailed: (error: unknown) => void): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch (error) {
    onFailed(error);
    return false;
  }
}

/** The server has not answered the last statement: a ROLLBACK would wait behind it as long again (pg/lib/client.js). */
export function hasNoAnswer(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}
