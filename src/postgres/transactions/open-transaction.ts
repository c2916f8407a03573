import type { PoolClient } from 'pg';

/** What `withTransaction` knows of the transaction that is open on a client. */
export interface OpenTransaction {
  /** Savepoints so far, which makes the name of the next one. */
  savepoints: number;
  /** Why it must not be committed, whatever becomes of the error: a savepoint could not be taken back. */
  brokenBy: unknown;
}

const OPEN = Symbol.for('express-runbook.open-transaction.v0');

interface WithTransaction extends PoolClient {
  [OPEN]?: OpenTransaction | undefined;
}

export function openTransactionOf(client: PoolClient): OpenTransaction | undefined {
  return (client as WithTransaction)[OPEN];
}

export function setOpenTransaction(client: PoolClient, open: OpenTransaction | undefined): void {
  (client as WithTransaction)[OPEN] = open;
}
