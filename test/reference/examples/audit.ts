import express from 'express';
import {
  correlationId,
  createAuditLog,
  createLogger,
  getContext,
  suspiciousInput,
  type AuditRecord,
} from 'express-runbook';

const logger = createLogger({ service: 'orders', level: 'error' });
export const records: AuditRecord[] = []; // a table that only grows

const audit = createAuditLog({
  logger,
  store: { append: (record) => Promise.resolve(void records.push(record)) },
  context: getContext,
});

export const app = express();
app.use(correlationId(), suspiciousInput({ logger }));
app.delete('/projects/:id', async (req, res) => {
  const { id } = req.params;
  await audit.run({ action: 'project.delete', target: { type: 'project', id } }, async () => {
    await Promise.resolve(); // the work itself
  });
  res.sendStatus(204);
});
