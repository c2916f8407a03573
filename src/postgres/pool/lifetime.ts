import type { Pool } from 'pg';

/** Part of the lifetime that a connection may live shorter: those that were opened together do not all end together. */
const JITTER = 0.1;

/** pg reads the option anew for every connection, before it says `connect`: each gets a lifetime of its own. */
export function spreadLifetimes(pool: Pool, maxLifetimeSeconds: number): void {
  if (maxLifetimeSeconds === 0) return;
  const roll = (): void => {
    pool.options.maxLifetimeSeconds = maxLifetimeSeconds * (1 - Math.random() * JITTER);
  };
  roll();
  pool.on('connect', roll);
}
