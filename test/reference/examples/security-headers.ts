import express from 'express';
import { requireHttps, securityHeaders } from 'express-runbook';

export const app = express();
app.set('trust proxy', ['loopback']); // whose X-Forwarded-Proto is believed
app.use(securityHeaders());
app.get('/status', (_req, res) => {
  res.json({ ok: true });
});
app.get('/docs', securityHeaders({ preset: 'page' }), (_req, res) => {
  res.send('<h1>Orders</h1>');
});
app.use(requireHttps({ host: 'api.example.com' }));
app.get('/orders', (_req, res) => {
  res.json([]);
});
