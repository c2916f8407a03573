import type { ObservedPool } from '../../postgres/index.js';

/** What the server says it is. */
export interface Server {
  readonly version: string;
  readonly major: number;
  /** The database that was connected to; settings may leave it to the driver. */
  readonly database: string;
}

export async function serverOf(client: Pick<ObservedPool, 'query'>): Promise<Server> {
  const { rows } = await client.query<{ version: string; number: number; database: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
       current_database() AS database`,
  );
  const { version = '', number = 0, database = '' } = rows[0] ?? {};
  return { version, major: Math.floor(number / 10_000), database };
}
