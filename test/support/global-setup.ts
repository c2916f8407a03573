import { createTestPostgres } from 'express-runbook/testing';
import type { TestProject } from 'vitest/node';
import { postgresFrom } from './postgres-from.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string with which a test makes databases of its own. */
    postgresAdminUrl: string;
  }
}

/** One Postgres for the whole run: the one that is named in the environment, or an embedded one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { TEST_DATABASE_URL, DATABASE_URL } = process.env;
  const postgres = await createTestPostgres({
    // A blank variable is one that is not set.
    url: [TEST_DATABASE_URL, DATABASE_URL].find((url) => url !== undefined && url !== ''),
    from: postgresFrom(import.meta.url),
    settings: { max_connections: 200 },
  });
  project.provide('postgresAdminUrl', postgres.url);
  return () => postgres.stop();
}
