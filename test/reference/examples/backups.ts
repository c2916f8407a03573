import { createMetrics, keptBackups, observeBackups, readBackups } from 'express-runbook';

const dir = process.env.BACKUP_DIR ?? '/var/backups/postgres';

export const metrics = createMetrics({ service: 'orders' });
observeBackups({ registry: metrics.registry, dir });

const manifests = (await readBackups(dir)).flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest]));

export const kept = keptBackups(manifests, ['daily=7d', 'weekly=4w', 'monthly=12mo'], Date.now());
