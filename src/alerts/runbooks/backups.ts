import { DISK, type Advice } from './advice.js';

const LIST = ['express-runbook backup list', 'which backups there are, and which of them were verified'] as const;
const NONE_YET = 'An age of decades means that there was none yet.';

export const BACKUP_ADVICE: Readonly<Record<string, Advice>> = {
  BackupTooOld: {
    meaning: `The newest backup is older than it may be. ${NONE_YET}`,
    impact: 'None now. If the database were lost, all that came after that backup would be lost with it.',
    diagnosis: [LIST, ['grep CRON /var/log/syslog | tail', 'whether the timer called it'], DISK],
    cure: [
      'Make one now: `express-runbook backup create`. What it says is mostly the reason, too.',
      'If nobody called it, mend the timer; if the disk is full, `express-runbook backup prune --dry-run` says what could go.',
    ],
  },
  BackupNotVerified: {
    meaning: `No backup was verified by a restore lately. ${NONE_YET}`,
    impact: 'None now. Whether the backups can be restored, nobody knows; and none is removed, so the disk fills up.',
    diagnosis: [LIST, ['express-runbook backup verify', 'restores the newest into a scratch database, and compares']],
    cure: [
      'If it was only forgotten, that was the cure: have the timer do it after each backup.',
      'If it finds a difference or damage, make a new backup, verify that, and keep the broken one for the inquiry.',
    ],
  },
  BackupDrillTooOld: {
    meaning: `No restore was rehearsed lately. ${NONE_YET}`,
    impact: 'None now. How long a restore takes, and whether somebody knows how, shows only when it counts.',
    diagnosis: [LIST],
    cure: ['Rehearse one: `express-runbook backup drill`; once a quarter on another server.'],
  },
};
