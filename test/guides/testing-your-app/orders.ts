import request from 'supertest';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { expectNoSecrets, testApp } from 'express-runbook/testing';
import { routes } from './service.js';

describe('orders', () => {
  const { app, logs, metrics, settled, close } = testApp(routes);
  beforeEach(() => logs.clear());
  afterAll(() => close());

  it('shows an order, with its line in the log', async () => {
    const { body, headers } = await request(app).get('/orders/7').expect(200);
    expect(body).toEqual({ id: '7' });
    // The handler's own line, between those of other requests, by the id that the client got.
    expect(logs.find({ msg: 'Order shown', requestId: headers['x-request-id'] })).toMatchObject({ orderId: '7' });
  });

  it('counts the request and writes its line, which come after the answer', async () => {
    await request(app).get('/orders/8').expect(200);
    expect(await metrics.value('http_requests_total', { endpoint: '/orders/:id', status: 200 })).toBeGreaterThan(0);
    await settled();
    expect(logs.filter({ msg: 'Request completed', statusCode: 200 })).toHaveLength(1);
  });

  it('answers what is not there in the envelope', async () => {
    const { body } = await request(app).get('/orders/0').expect(404);
    expect(body).toMatchObject({ success: false, error: { code: 404, message: 'Order not found' } });
  });

  it('sends the invoice later', async () => {
    await request(app).post('/invoices').expect(202);
    await logs.waitFor({ msg: 'Invoice sent' });
  });

  it('logs no password', async () => {
    await request(app).post('/login').send({ name: 'ann', password: 'correct horse battery' }).expect(204);
    expect(logs.find({ msg: 'Login' })).toBeDefined();
    expectNoSecrets(logs.lines, { secrets: ['correct horse battery'] });
  });
});
