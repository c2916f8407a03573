import { startEmbeddedPostgres } from 'express-runbook/testing';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Connection string with which a test makes databases of its own. */
    postgresAdminUrl: string;
  }
}

/** One Postgres for the whole run: the one that is named in the environment, or an embedded one. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const url = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL;
  if (url !== undefined && url !== '') {
    project.provide('postgresAdminUrl', url);
    return undefined;
  }
  const postgres = await startEmbeddedPostgres({ from: import.meta.url, settings: { max_connections: 200 } });
  project.provide('postgresAdminUrl', postgres.adminUrl);
  return () => postgres.stop();
}
