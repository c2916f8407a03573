const { test } = require('node:test'); // Jest has its own test(): leave this line out there
const assert = require('node:assert/strict');
const request = require('supertest');
const { testApp } = require('express-runbook/testing');

test('an order is shown, with its line in the log', async () => {
  const { app, logs, close } = testApp((one, ops) => {
    one.get('/orders/:id', (req, res) => {
      ops.logger.info({ orderId: req.params.id }, 'Order shown');
      res.json({ id: req.params.id });
    });
  });
  const { headers } = await request(app).get('/orders/7').expect(200);
  const line = logs.find({ msg: 'Order shown', requestId: headers['x-request-id'] });
  assert.equal(line.orderId, '7');
  await close();
});
