import type { ObservedPool } from '../../postgres/index.js';

/** What the server says it is. */
export interface Server {
  readonly version: string;
  readonly major: number;
}

export async function serverOf(client: Pick<ObservedPool, 'query'>): Promise<Server> {
  const { rows } = await client.query<{ version: string; number: number }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
  );
  const { version = '', number = 0 } = rows[0] ?? {};
  return { version, major: Math.floor(number / 10_000) };
}
