import { lifetimeSeconds } from '../kinds/numbers.js';
import { retention } from '../kinds/retention.js';
import { text } from '../kinds/words.js';
import { whole } from './variable.js';

const group = 'Database';

export const BACKUP_VARIABLES = {
  BACKUP_DIR: whole('backupDir', {
    group,
    kind: text('path'),
    default: '/var/backups/postgres',
    description: 'Folder for backups.',
  }),
  BACKUP_RPO: whole('backups.rpoSeconds', {
    group,
    kind: lifetimeSeconds(),
    default: '24h',
    description: 'How old the newest backup may be (recovery point objective): `backup drill` compares.',
  }),
  BACKUP_RTO: whole('backups.rtoSeconds', {
    group,
    kind: lifetimeSeconds(),
    default: '4h',
    description: 'How long a restore may take (recovery time objective): `backup drill` compares.',
  }),
  BACKUP_KEEP: whole('backups.keep', {
    group,
    kind: retention(),
    default: 'all=30d',
    description: 'Which backups `backup prune` keeps: rules that add up, each with how long it keeps one per period.',
  }),
};
