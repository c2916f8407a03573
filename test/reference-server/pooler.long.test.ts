import request from 'supertest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migratedDatabase } from '../support/migrated-database.js';
import { startPgBouncer } from '../support/pgbouncer.js';
import { requireTool } from '../support/real-tools.js';
import { launch } from '../support/reference-server.js';

const tool = requireTool('pgbouncer');
const PATIENCE = { timeout: 30_000 };
const JOBS = 20;

describe.skipIf(!tool.isInstalled)('the reference server behind PgBouncer', () => {
  it.each([
    // Fewer than the pools of the service have: every transaction may get another one.
    ['transaction', 4],
    ['session', 40],
  ] as const)(
    'in %s mode, with %i connections to the server, serves, does jobs at their first attempt and processes events (DB-17, JOB-01, API-04)',
    async (mode, connections) => {
      const database = await migratedDatabase({ isSeeded: true });
      onTestFinished(() => database.drop());
      const bouncer = await startPgBouncer(database.url, mode, connections);
      onTestFinished(() => bouncer.stop());
      const env = { DATABASE_URL: bouncer.url, DB_POOLER: mode, RATE_LIMIT_MAX: '10000', JOBS_CONCURRENCY: '3' };
      const server = await launch({ env });
      onTestFinished(async () => {
        await server.stop();
      });
      const credentials = { email: 'test@example.com', password: 'test123' };
      const { body } = await request(server.url).post('/api/auth/login').send(credentials).expect(200);
      const call = (method: 'get' | 'post', path: string) => {
        const asked = request(server.url)[method](`/api${path}`);
        return asked.set('Authorization', `Bearer ${String(body.token)}`);
      };

      const clientId = (await call('post', '/clients').send({ name: 'Harbour' }).expect(201)).body.id as string;
      const event = { type: 'user.registered', payload: { name: 'Grace' } };
      const [eventId, ...jobs] = await Promise.all([
        call('post', '/events')
          .send(event)
          .expect(201)
          .then((made) => made.body.id as string),
        ...Array.from({ length: JOBS }, async () => {
          const taken = await call('post', '/jobs').send({ type: 'analysis', clientId }).expect(202);
          return taken.body.id as string;
        }),
      ]);
      for (const id of jobs) {
        const look = async () => (await call('get', `/jobs/${id}`).expect(200)).body as object;
        await expect.poll(look, PATIENCE).toMatchObject({ status: 'completed', attempts: 1, error: null });
      }
      const seen = async () => (await call('get', `/events/${eventId}`).expect(200)).body as object;
      await expect.poll(seen, PATIENCE).toMatchObject({ status: 'completed', outputs: [{ text: 'Welcome, Grace!' }] });
      await request(server.url).get('/health/readiness').expect(200);

      expect(await server.stop()).toBe(0);
      const troubles = server
        .output()
        .split('\n')
        .filter((line) => /"level":"(?:warn|error|fatal)"/.test(line));
      // Not those of a machine that is busy, which is slow.
      expect(troubles.filter((line) => /prepared|startup parameter|[Jj]ob queue|[Ee]vent/.test(line))).toEqual([]);
    },
  );
});
