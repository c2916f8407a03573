import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const SECRET = process.env.ALERTS_WEBHOOK_SECRET ?? '';
const MAX_AGE_SECONDS = 300;

export const receiver = express();

receiver.post('/alerts', express.text({ type: 'application/json' }), (req, res) => {
  const timestamp = req.get('X-Alert-Timestamp') ?? '';
  const expected = createHmac('sha256', SECRET)
    .update(`${timestamp}.${String(req.body)}`)
    .digest();
  const given = Buffer.from((req.get('X-Alert-Signature') ?? '').replace(/^v1=/, ''), 'hex');
  const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
  if (!isSigned || Math.abs(Date.now() / 1000 - Number(timestamp)) > MAX_AGE_SECONDS) {
    res.sendStatus(401);
    return;
  }
  // X-Alert-Id is the same when a message comes again: take it once.
  res.sendStatus(204);
});
