import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import request from 'supertest';
import { testApp } from 'express-runbook/testing';

const { app, logs, close } = testApp((one, ops) => {
  one.get('/orders/:id', (req, res) => {
    ops.logger.info({ orderId: req.params.id }, 'Order shown');
    res.json({ id: req.params.id });
  });
});
after(() => close());

test('an order is shown, with its line in the log', async () => {
  const { headers } = await request(app).get('/orders/7').expect(200);
  const line = logs.find({ msg: 'Order shown', requestId: headers['x-request-id'] });
  assert.equal(line?.orderId, '7');
});
