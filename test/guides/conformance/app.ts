import express from 'express';
import { createOps } from 'express-runbook';

// Nothing is to be read in the output of a test.
Object.assign(process.env, { LOG_REQUESTS: 'false', LOG_LEVEL: 'fatal' });

export const app = express();
const ops = createOps({ service: 'orders' });

app.use(ops.before);
app.use(express.json());
app.get('/orders/:id', (req, res) => void res.json({ id: req.params.id }));
app.use(ops.after);
ops.shutdown.ready();
