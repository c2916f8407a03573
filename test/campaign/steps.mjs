import { backupKills } from './backup-kills.mjs';
import { faults } from './faults/index.mjs';
import { longTests } from './long-tests.mjs';
import { nginxSwitching } from './nginx-switching.mjs';
import { nodeVersions } from './node-versions.mjs';
import { pm2Metrics } from './pm2-metrics.mjs';
import { pm2Reload } from './pm2-reload.mjs';
import { postgresPool } from './postgres-pool.mjs';
import { postgresVersions } from './postgres-versions.mjs';
import { soak } from './soak.mjs';

/**
 * What the campaign is made of, in this order. `run({ isSmoke, row })` calls `row(what, work)` for each line of the table,
 * bounds the time of everything that it starts, and ends what it started.
 */
export const STEPS = [
  { name: 'long-tests', about: 'the tests that are too long for npm test', run: longTests },
  {
    name: 'node-versions',
    about: 'test/server, test/shutdown and test/consumers on the other Node versions',
    run: nodeVersions,
  },
  {
    name: 'postgres-versions',
    about: 'test/postgres and backups on the other PostgreSQL versions',
    run: postgresVersions,
  },
  {
    name: 'postgres-pool',
    about: '100 000 queries of one pool, and a partition by the kernel (root only)',
    run: postgresPool,
  },
  { name: 'pm2-metrics', about: '/metrics of the reference server in the cluster mode of pm2', run: pm2Metrics },
  { name: 'backup-kills', about: 'kill -9 of base backups and recoveries, at random moments', run: backupKills },
  { name: 'pm2-reload', about: 'reloads of a two-worker cluster of pm2 under load', run: pm2Reload },
  { name: 'nginx', about: 'instances replaced behind a real nginx: rolling restart, blue-green', run: nginxSwitching },
  {
    name: 'faults',
    about: 'the reference server, and backups, under one fault after the other: detects, recovers, loses no line',
    run: faults,
  },
  { name: 'soak', about: 'two million requests to one process, whose memory stays flat', run: soak },
];
