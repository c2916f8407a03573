import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { valueOf } from '../metrics/exposition-value.js';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';

let server: ReferenceServer;
let token: string;

beforeAll(async () => {
  const database = await seededDatabase();
  server = await launch({ env: { DATABASE_URL: database.url, RATE_LIMIT_MAX: '10000' } });
  const credentials = { email: 'test@example.com', password: 'test123' };
  const { body } = await request(server.url).post('/api/auth/login').send(credentials).expect(200);
  token = body.token as string;
  return database.drop;
});

afterAll(() => server.stop());

const api = (method: 'get' | 'post' | 'patch' | 'delete', path: string) =>
  request(server.url)[method](path).set('Authorization', `Bearer ${token}`);

const hitRatio = async () =>
  valueOf((await request(server.url).get('/metrics')).text, 'cache_hit_ratio{cache="projects"}');

const names = async (): Promise<string[]> => {
  const { body } = await api('get', '/api/projects?limit=100').expect(200);
  return (body.data as { name: string }[]).map(({ name }) => name);
};

it('shows its hit ratio from the start, and serves the second read of a list from the cache (API-02, MET-05)', async () => {
  expect(await hitRatio()).toBe(0);
  const first = await names();
  expect(await names()).toEqual(first);
  expect(await hitRatio()).toBe(0.5);
});

it('shows every write at once, and hides what was deleted (API-02)', async () => {
  await names();
  const { body } = await api('post', '/api/projects').send({ name: 'Cached bridge' }).expect(201);
  expect(await names()).toContain('Cached bridge');
  await api('patch', `/api/projects/${String(body.id)}`)
    .send({ name: 'Renamed bridge' })
    .expect(200);
  expect(await names()).toContain('Renamed bridge');
  expect(await names()).not.toContain('Cached bridge');
  await api('delete', `/api/projects/${String(body.id)}`).expect(204);
  expect(await names()).not.toContain('Renamed bridge');
});
