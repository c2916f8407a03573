import { createTestPostgres } from 'express-runbook/testing';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresAdminUrl: string;
  }
}

/** One Postgres for the whole run: the one that continuous integration has, or one from npm. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await createTestPostgres({ url: process.env.TEST_DATABASE_URL });
  project.provide('postgresAdminUrl', postgres.url);
  return () => postgres.stop();
}
