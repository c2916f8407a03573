import express from 'express';
import { createHealthRouter } from 'express-runbook';

let isRebuilding = false;

export const health = createHealthRouter({
  version: '1.4.0',
  details: 'always',
  checks: [
    {
      name: 'search',
      critical: false,
      run: () => (isRebuilding ? { status: 'degraded', message: 'index is being rebuilt' } : undefined),
    },
  ],
});

export function rebuild(): void {
  isRebuilding = true;
  health.invalidate('search'); // the next probe looks anew
}

export const app = express();
app.use(health); // before rate limiter and authentication
