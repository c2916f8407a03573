import express from 'express';
import express4 from 'express4'; // npm install --save-dev express4@npm:express@4
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { testApp } from 'express-runbook/testing';
import { routes } from './service.js';

describe.each([
  ['Express 5', express],
  ['Express 4', express4 as typeof express],
])('orders on %s', (_major, create) => {
  it('are shown', async () => {
    const { app, close } = testApp(routes, { app: create() });
    const { body } = await request(app).get('/orders/7').expect(200);
    expect(body).toEqual({ id: '7' });
    await close();
  });
});
