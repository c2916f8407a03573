import { expect, it } from 'vitest';
import { conformance } from 'express-runbook/testing';
import { app } from './app.js';

it('keeps the promises of express-runbook', async () => {
  const { failures } = await conformance({ app, path: '/orders/7' });
  expect(failures).toEqual([]);
});
