import express from 'express';
import { createOps } from 'express-runbook';

const app = express();
const ops = createOps({ service: 'quick-start' });

app.use(ops.before); // ids, access log, metrics, security headers, /health, /metrics, rate limit
app.use(express.json());
app.get('/hello/:name', (req, res) => {
  res.json({ hello: req.params.name });
});
app.use(ops.after); // 404 and every error in one envelope

await ops.listen(app); // PORT or 3000; SIGTERM drains, then ends
