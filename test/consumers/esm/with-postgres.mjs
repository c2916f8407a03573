import { createPool } from 'express-runbook/postgres';
import { serve } from './service.mjs';

await serve({ pool: createPool({ connectionString: 'postgresql://app:app@127.0.0.1:1/app' }) });
