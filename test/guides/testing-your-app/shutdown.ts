import request from 'supertest';
import { expect, it, vi } from 'vitest';
import { testApp } from 'express-runbook/testing';

it('finishes what it has begun when it is told to stop', async () => {
  let finish = (): void => undefined;
  const { app, ops, metrics, close } = testApp((one) => {
    one.get('/slow', (_req, res) => {
      finish = () => void res.json({ done: true });
    });
  });
  const server = await ops.listen(app);
  const answer = request(server)
    .get('/slow')
    .then(({ status }) => status);
  await vi.waitFor(async () => expect(await metrics.value('http_requests_in_flight')).toBe(1), 5000);

  const closing = close(); // the sequence of SIGTERM, without the signal
  await vi.waitFor(() => expect(ops.shutdown.state()).not.toBe('ready'));
  await request(app).get('/health/readiness').expect(503);
  await request(app).get('/health/liveness').expect(200);
  finish();
  expect(await answer).toBe(200);
  expect(await closing).toMatchObject({ exitCode: 0, cutRequests: 0, unfinishedWork: [] });
});

it('closes its own things, and says so', async () => {
  const { ops, logs, close } = testApp(() => undefined);
  ops.shutdown.add('queue', () => ops.logger.info('Queue closed'));
  const { hooks } = await close();
  expect(hooks).toContainEqual(expect.objectContaining({ name: 'queue', outcome: 'closed' }));
  expect(logs.find({ msg: 'Queue closed' })).toBeDefined();
});
