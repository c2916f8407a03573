import { resolve } from 'node:path';
import { readBackups, type Config, type FoundBackup } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, warn, type Finding } from '../finding.js';

const CURE = 'express-runbook backup create, and a timer that calls it: docs/guides/backups.md';
const HOUR_MS = 3_600_000;

export const backupsAge = check({
  id: 'backups.age',
  title: 'the age of the newest backup against BACKUP_RPO',
  needs: ['repository', 'settings'],
  async run({ repository, settings }) {
    const dir = resolve(repository.dir, settings.backupDir);
    const found = await foundIn(dir);
    if (typeof found === 'string')
      return fail(`the backups in ${dir} cannot be read (${found})`, 'mend the rights of the folder');
    const damaged = found.filter(({ problem }) => problem !== undefined);
    return [
      ageFinding(found, dir, settings),
      ...damaged.map(({ file, problem = '' }) => warn(`${file}: ${problem}`, CURE)),
    ];
  },
});

async function foundIn(dir: string): Promise<readonly FoundBackup[] | string> {
  try {
    return await readBackups(dir);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? [] : code;
  }
}

function ageFinding(found: readonly FoundBackup[], dir: string, settings: Config): Finding {
  const { database, backups, isProduction } = settings;
  const times = found.flatMap(({ manifest }) =>
    manifest === undefined || (database.isConfigured && manifest.database !== database.name)
      ? []
      : [Date.parse(manifest.createdAt)],
  );
  if (times.length === 0) {
    const says = `there is no backup of ${database.name} in ${dir}`;
    return isProduction ? fail(says, CURE) : warn(says, CURE);
  }
  const hours = Math.max(0, (Date.now() - Math.max(...times)) / HOUR_MS);
  const allowed = backups.rpoSeconds / 3600;
  const says = `the newest backup of ${database.name} is ${shown(hours)} old, BACKUP_RPO is ${shown(allowed)}`;
  return hours <= allowed ? ok(says) : fail(says, CURE);
}

function shown(hours: number): string {
  return hours < 48 ? `${Math.round(hours * 10) / 10} h` : `${Math.floor(hours / 24)} days`;
}
