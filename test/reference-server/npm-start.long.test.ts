import request from 'supertest';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from 'express-runbook';
import { exitOf, freePort, launch, parseLines, spawnServer } from '../support/reference-server.js';
import { serverFolder } from '../support/postgres.js';
import { fromExample } from '../support/example-sources.js';

const { dataDir, remove } = serverFolder();
// Nothing of the surrounding environment names a database, so the entry brings its own.
const look = { entry: 'look.js', env: { EMBEDDED_POSTGRES_DIR: dataDir } } as const;

afterAll(remove);

async function token(url: string): Promise<string> {
  const credentials = { email: 'test@example.com', password: 'test123' };
  const { body } = await request(url).post('/api/auth/login').send(credentials).expect(200);
  return body.token as string;
}

describe('npm start at the root', () => {
  it('serves on a PostgreSQL of its own, keeps the data over a restart, and shares it with a second instance', async () => {
    const first = await launch(look);
    await request(first.url).get('/health/ready').expect(200);
    const created = await request(first.url)
      .post('/api/projects')
      .set('Authorization', `Bearer ${await token(first.url)}`)
      .send({ name: 'Kept over a restart' })
      .expect(201);
    expect(await first.stop('SIGINT')).toBe(0);

    const again = await launch(look);
    const second = await launch(look);
    for (const { url } of [again, second]) {
      await request(url)
        .get(`/api/projects/${String(created.body.id)}`)
        .set('Authorization', `Bearer ${await token(url)}`)
        .expect(200);
    }
    expect(await second.stop()).toBe(0);
    await request(again.url).get('/health/ready').expect(200);
    expect(await again.stop()).toBe(0);
  });

  it('brings stand-ins for the services that its profile calls (HLT-36, HLT-37)', async () => {
    const server = await launch({ ...look, env: { ...look.env, OPS_PROFILE: 'codebook' } });
    const { body } = await request(server.url).get('/health').expect(200);
    expect(body.checks).toEqual({ database: 'healthy', pinecone: 'healthy', llm_service: 'healthy' });
    expect(await server.stop()).toBe(0);
  });

  it('tells a person how to get another profile, and where the stand-ins are', async () => {
    const { welcome } = (await fromExample('welcome.ts')) as { welcome: (facts: object) => string };
    const config = loadConfig({ env: { OPS_PROFILE: 'ordo' }, envFile: false });
    const text = welcome({ service: 'x', config, port: 1, standIns: { 'vector index': 'http://127.0.0.1:8002' } });
    expect(text).toContain('Profile    ordo; OPS_PROFILE=builder|codebook|booky|beo npm start');
    expect(text).toContain('vector index: http://127.0.0.1:8002');
  });

  it('starts again after it was killed', async () => {
    const killed = await launch(look);
    await killed.stop('SIGKILL');
    const next = await launch(look);
    await request(next.url).get('/health/ready').expect(200);
    expect(await next.stop()).toBe(0);
  });

  it('writes log lines and nothing else to standard output, and no welcome to a pipe', async () => {
    const server = await launch(look);
    expect(await server.stop()).toBe(0);
    expect(parseLines(server.output()).length).toBeGreaterThan(0);
    expect(server.errors()).toBe('');
  });

  it('names the cure when the database that was set does not answer', async () => {
    const url = `postgres://app:hunter2@127.0.0.1:${await freePort()}/app`;
    const server = await spawnServer({ entry: 'look.js', env: { DATABASE_URL: url } });
    expect(await exitOf(server)).toBe(1);
    expect(server.errors()).toMatch(/DATABASE_URL.*does not answer.*remove them all/s);
    expect(server.errors() + server.output()).not.toContain('hunter2');
  });
});
