import { join } from 'node:path';
import pg from 'pg';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { launch, type LaunchOptions, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';
import { valueOf } from '../metrics/exposition-value.js';

const CORRELATION_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const SECRETS = {
  JWT_SECRET: 'an-access-secret-of-this-test-only-0123456789',
  REFRESH_TOKEN_SECRET: 'a-refresh-secret-of-this-test-only-0123456789',
};
const PATIENCE = { timeout: 20_000 };

const jq = requireTool('jq');
const servers: ReferenceServer[] = [];
let database: Awaited<ReturnType<typeof seededDatabase>>;
let client: pg.Client;
let clientId: string;
let server: ReferenceServer;
let token: string;

async function started(options: Partial<LaunchOptions> = {}): Promise<ReferenceServer> {
  const one = await launch({ ...options, env: { ...SECRETS, DATABASE_URL: database.url, ...options.env } });
  servers.push(one);
  return one;
}

beforeAll(async () => {
  database = await seededDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(`INSERT INTO clients (name) VALUES ('Harbour') RETURNING id`);
  clientId = rows[0]?.id ?? '';
  const labels = ['Screw', 'screw', 'Bolt', 'Nut'];
  await client.query('INSERT INTO codebook_items (client_id, label) SELECT $1, unnest($2::text[])', [clientId, labels]);
  server = await started();
  token = await login('test@example.com', 'test123');
});

afterAll(async () => {
  await Promise.all(servers.map((one) => one.stop()));
  await client.end();
  await database.drop();
});

async function login(email: string, password: string): Promise<string> {
  const { body } = await request(server.url).post('/api/auth/login').send({ email, password }).expect(200);
  return body.token as string;
}

function ask(url = server.url) {
  return request(url)
    .post('/api/jobs')
    .set('Authorization', `Bearer ${token}`)
    .set('X-Correlation-ID', CORRELATION_ID)
    .send({ type: 'analysis', clientId });
}

const look = (location: string, as = token) => request(server.url).get(location).set('Authorization', `Bearer ${as}`);

async function pending(): Promise<number> {
  // The runbook's own query.
  const { rows } = await client.query<{ count: string }>("SELECT COUNT(*) FROM jobs WHERE status = 'pending';");
  return Number(rows[0]?.count);
}

describe('a job of the reference server', () => {
  it('is accepted with 202 and where to look, and is done a moment later (API-07, JOB-01)', async () => {
    const { body, headers } = await ask().expect(202);
    expect(headers.location).toBe(`/api/jobs/${String(body.id)}`);
    expect(body).toMatchObject({ type: 'analysis', priority: 'normal', error: null });
    await expect.poll(async () => (await look(headers.location ?? '')).body.status, PATIENCE).toBe('completed');
    const done = await look(headers.location ?? '').expect(200);
    expect(done.body).toMatchObject({
      attempts: 1,
      error: null,
      result: { items: 4, distinctLabels: 3, repeated: [{ label: 'screw', items: 2 }] },
    });
    expect(await pending()).toBe(0);
  });

  it('is nobody else’s business, and is for clients that there are', async () => {
    const { headers } = await ask().expect(202);
    const location = headers.location ?? '';
    const { rows } = await client.query<{ email: string }>(`SELECT email FROM users WHERE email <> 'test@example.com'`);
    expect(rows).toHaveLength(1);
    await client.query(`UPDATE jobs SET context = context || '{"userId":"0"}' WHERE id = $1`, [
      location.split('/').at(-1),
    ]);
    await look(location).expect(404);
    await request(server.url).get(location).expect(401);
    await look('/api/jobs/7').expect(400);
    await ask().send({ type: 'analysis', clientId: '00000000-0000-4000-8000-000000000000' }).expect(404);
    await ask().send({ type: 'other', clientId }).expect(400);
    await request(server.url).delete(location).set('Authorization', `Bearer ${token}`).expect(405);
  });

  it.skipIf(!jq.isInstalled)(
    'is found with its request by one jq command, and has no line without that id (COR-07, LOG-42)',
    async () => {
      const { body } = await ask().expect(202);
      const log = join(server.logDir, 'app.log');
      const messages = (): string[] => {
        const question = `select(.correlationId == "${CORRELATION_ID}" and (.jobId == "${String(body.id)}" or .url == "/api/jobs")) | .msg`;
        return jq.exec(['-r', question, log]).split('\n');
      };
      const wanted = ['Job created', 'Job started', 'Job completed', 'Request completed'];
      await expect.poll(messages, PATIENCE).toEqual(expect.arrayContaining(wanted));
      const strays = `select(.jobId != null and .correlationId != "${CORRELATION_ID}")`;
      expect(jq.exec(['-c', strays, log])).toBe('');
      expect(jq.exec(['-r', 'select(.msg == "Job started") | .userId', log])).not.toContain('null');
    },
  );

  it('waits, counted by the gauge as by SQL, for a worker of its own that ends by SIGTERM (JOB-02, MET-30, JOB-10)', async () => {
    const idle = await started({ env: { JOBS_CONCURRENCY: '0' } });
    await server.stop();
    const { body } = await ask(idle.url).expect(202);
    await client.query(`INSERT INTO events (type) VALUES ('one'), ('two')`);
    const { text } = await request(idle.url).get('/metrics').expect(200);
    expect([await pending(), valueOf(text, 'job_queue_depth'), valueOf(text, 'event_queue_size')]).toEqual([1, 1, 2]);
    const worker = await started({ entry: 'worker.js' });
    await expect.poll(pending, PATIENCE).toBe(0);
    const mine = () => worker.logLines().filter(({ jobId }) => jobId === body.id);
    await expect.poll(() => mine().map(({ msg }) => msg), PATIENCE).toEqual(['Job started', 'Job completed']);
    for (const line of mine()) expect(line.correlationId).toBe(CORRELATION_ID);
    await request(worker.url).get('/health/ready').expect(200);
    expect(await worker.stop()).toBe(0);
  });
});
