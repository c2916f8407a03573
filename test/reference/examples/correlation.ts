import express from 'express';
import { correlationId, extendContext, getContext, outgoingHeaders, runWithContext } from 'express-runbook';

export const app = express();
app.use(correlationId());
app.get('/whoami', (_req, res) => {
  extendContext({ userId: '7' }); // later lines of this request carry it
  res.json({ context: getContext(), headers: outgoingHeaders() });
});

/** A job has no request: it opens a context of its own. */
export function nightly(id: string): string | undefined {
  return runWithContext({ correlationId: id }, () => getContext()?.correlationId);
}
