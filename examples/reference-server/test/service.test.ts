import request, { type Test } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testService, type TestService } from './test-service.js';

const TRACE = 'my-trace-123';
const PATIENCE = { timeout: 20_000 };

let service: TestService;
let token: string | undefined;

beforeAll(async () => {
  service = await testService();
  ({ token } = await posted('/auth/login', { email: 'test@example.com', password: 'test123' }, 200));
});
afterAll(() => service.close());

type Row = Readonly<Record<string, string>>;

function call(method: 'get' | 'post' | 'patch' | 'delete', path: string): Test {
  const asked = request(service.app)[method](`/api${path}`);
  return token === undefined ? asked : asked.set('Authorization', `Bearer ${token}`);
}

async function posted(path: string, body: object, status = 201): Promise<Row> {
  return (await call('post', path).send(body).expect(status)).body as Row;
}

async function read(path: string): Promise<Row> {
  return (await call('get', path).expect(200)).body as Row;
}

describe('the service', () => {
  it('is alive, and ready while its database answers', async () => {
    await request(service.app).get('/health/liveness').expect(200);
    await request(service.app).get('/health/readiness').expect(200);
  });

  it('lets nobody in without a token that it gave', async () => {
    await request(service.app).get('/api/projects').expect(401);
    const { body } = await request(service.app).get('/api/projects').set('Authorization', 'Bearer x.y.z').expect(401);
    expect(body).toMatchObject({ success: false, error: { code: 401, message: 'Invalid token' } });
    await posted('/auth/login', { email: 'test@example.com', password: 'wrong' }, 401);
    expect(service.logs.text()).not.toContain('test123');
  });

  it('keeps a project from its first day to its last', async () => {
    const { id } = await posted('/projects', { name: 'Harbour bridge' });
    const path = `/projects/${String(id)}`;
    await call('patch', path).send({ status: 'completed' }).expect(200);
    expect(await read(path)).toMatchObject({ name: 'Harbour bridge', status: 'completed' });
    await call('delete', path).expect(204);
    await call('get', path).expect(404);
    await posted('/projects', { name: ' ' }, 400);
  });

  it('leaves one line and one count for a request, with the id that the client gave', async () => {
    const before = (await service.metrics.value('http_requests_total', { endpoint: '/api/users/:id' })) ?? 0;
    await call('get', '/users/123').set('X-Correlation-ID', TRACE).expect('X-Correlation-ID', TRACE).expect(200);
    const line = await service.logs.waitFor({ msg: 'Request completed', correlationId: TRACE });
    expect(line).toMatchObject({ method: 'GET', statusCode: 200, userId: '1' });
    expect(await service.metrics.value('http_requests_total', { endpoint: '/api/users/:id' })).toBe(before + 1);
  });

  it('has the workflow of an event write its text', async () => {
    const { id } = await posted('/events', { type: 'user.registered', payload: { name: 'Grace' } });
    await expect
      .poll(() => read(`/events/${String(id)}`), PATIENCE)
      .toMatchObject({ status: 'completed', outputs: [{ text: 'Welcome, Grace!' }] });
  });

  it('does a job that was asked for, and tells how it stands', async () => {
    const { id: clientId } = await posted('/clients', { name: 'Harbour Construction' });
    const job = await posted('/jobs', { type: 'analysis', clientId }, 202);
    await expect
      .poll(() => read(`/jobs/${String(job.id)}`), PATIENCE)
      .toMatchObject({ status: 'completed', result: { items: 0 } });
  });
});
