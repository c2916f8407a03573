import express from 'express';
import { createOps, requestQuota } from 'express-runbook';
import { createCache, observeRedis } from 'express-runbook/cache';
import { Redis } from 'ioredis';

const redis = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', {
  // Whoever uses it has something better to do than to wait.
  enableOfflineQueue: false,
  commandTimeout: 1000,
});
// Without a listener an outage would end the process.
redis.on('error', () => undefined);

export const ops = createOps({ service: 'orders', redis });
const { logger, metrics } = ops;
const { registry } = metrics;
observeRedis({ redis, registry });

const prices = createCache<number>({ name: 'prices', ttlMs: 300_000, redis, logger, registry });

export const app = express();
app.set('trust proxy', ['loopback']);
app.use(ops.before);
app.use('/prices', requestQuota({ max: 10_000, per: 'day', redis, logger, registry }));

export const store = new Map([['bolt', 3]]);
app.get('/prices/:item', async (req, res) => {
  const { item } = req.params;
  const price = await prices.cached(`price:${item}`, () => store.get(item) ?? 0, { tags: ['prices'] });
  res.json({ item, price });
});
app.delete('/prices', async (_req, res) => {
  await prices.deleteByTag('prices');
  res.status(204).end();
});
app.use(ops.after);
