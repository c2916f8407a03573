import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conformance } from 'express-runbook/testing';
import { rowsOf } from '../guides/snippets-of.js';
import { PROFILES } from '../support/example-sources.js';
import { migratedDatabase } from '../support/migrated-database.js';
import type { TestDatabase } from '../support/postgres.js';
import { launch } from '../support/reference-server.js';
import { standInVariables, startIndex, startModel, type StandIn } from '../support/stand-ins.js';

const PAGE = rowsOf('docs/guides/conformance.md');

describe('the reference server', () => {
  let database: TestDatabase;
  let others: [model: StandIn, index: StandIn];

  beforeAll(async () => {
    others = [await startModel(), await startIndex()];
    database = await migratedDatabase({ isSeeded: true });
  });
  afterAll(async () => {
    await database.drop();
    for (const one of others) await one.close();
  });

  it.each(Object.entries(PROFILES))(
    'as %s keeps every promise, shutdown included: as many as the page tells',
    async (name, { settings }) => {
      const server = await launch({
        env: {
          OPS_PROFILE: name,
          DATABASE_URL: database.url,
          DEV_ROUTES: 'true',
          RATE_LIMIT_MAX: '80',
          SHUTDOWN_DELAY_MS: '1000',
          // What is told is what the service does, not how slow and full the machine of the tests is.
          ...{ HEALTH_CHECK_TIMEOUT: '10s', HEALTH_DB_RESPONSE_TIME_THRESHOLD: '60s' },
          ...{ HEALTH_MEMORY_THRESHOLD: '100%', HEALTH_DISK_THRESHOLD: '100%' },
          // Those whose health asks for them have services to call.
          ...(settings.LLM_API_URL === undefined ? {} : standInVariables(...others)),
        },
      });
      const prefix = String(settings.API_PREFIX).replace(/^\/?/, '/').replace(/\/$/, '');
      const path = `${prefix}/auth/login`;
      const { failures, findings } = await conformance({
        url: server.url,
        path,
        failPath: '/dev/error?kind=plain',
        pid: server.child.pid,
      }).finally(() => server.stop());
      expect(failures).toEqual([]);
      const counts = (['pass', 'fail', 'skip'] as const).map((status) =>
        findings.filter((one) => one.status === status),
      );
      expect(PAGE.get(name)).toEqual([`\`${path}\``, ...counts.map(({ length }) => String(length))]);
    },
  );
});
