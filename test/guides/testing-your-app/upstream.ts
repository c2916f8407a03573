import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { expect, it } from 'vitest';
import { createServiceClient } from 'express-runbook/services';
import { testApp } from 'express-runbook/testing';

it('says 502 when the other service fails, and counts it', async () => {
  const other = createServer((_req, res) => res.writeHead(500).end()).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const baseUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { app, metrics, close } = testApp((one, { metrics: { registry } }) => {
    const stock = createServiceClient({ name: 'stock', baseUrl, retries: 0, registry });
    one.get('/stock/:id', async (req, res) => {
      res.json((await stock.call(`/items/${req.params.id}`)).json());
    });
  });
  await request(app).get('/stock/7').expect(502);
  expect(await metrics.value('external_request_errors_total', { service: 'stock' })).toBe(1);
  await close();
  other.close().closeAllConnections();
});
