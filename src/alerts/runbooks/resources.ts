import {
  ACTIVITY,
  CONNECTIONS,
  DISK,
  HEALTH,
  LOCKS,
  PROCESSES,
  PROFILE,
  RESTART,
  SETTINGS,
  SLOW_QUERIES,
  type Advice,
} from './advice.js';

const disk: Advice = {
  meaning: 'The file system of the service is filling up.',
  impact: 'When it is full, logs are lost, backups fail, and a database on the same disk stops.',
  diagnosis: [DISK, ['du -xsh logs backups', 'what logs and backups take']],
  cure: [
    'Logs: have logrotate run (`logrotate -f <its file>`), see docs/log-files.md.',
    'Backups: `express-runbook backup prune --keep all=30d --dry-run` says what could go, without `--dry-run` it goes.',
    'Tables: `express-runbook db tables` lists them by size, `express-runbook db archive <table>` moves old rows away.',
  ],
};

const heapOrMemory = (what: string): Advice => ({
  meaning: `${what} is nearly used up.`,
  impact: 'At the limit the process is ended, with all requests that it works on.',
  diagnosis: [PROCESSES, HEALTH],
  cure: [
    RESTART,
    'If it grows again from there, take a heap snapshot (`createProfiler`) while it is still small, and another one later.',
    'If it stays high under load and does not grow, give it more, or start another instance.',
  ],
});

export const RESOURCE_ADVICE: Readonly<Record<string, Advice>> = {
  HighMemoryUsage: heapOrMemory('Memory of the container, or of the machine where nothing limits the process,'),
  HighHeapUsage: heapOrMemory('What V8 may have as its heap'),
  HighCpuUsage: {
    meaning: 'The processors that the container or the machine has are busy.',
    impact: 'Everything takes longer, and the event loop lags.',
    diagnosis: [PROCESSES, PROFILE],
    cure: [
      'If it is traffic, start another instance.',
      'If it is this process without traffic, the profile names the function.',
      'If it is another process of the machine, move one of them.',
    ],
  },
  DiskFilling: disk,
  DiskNearlyFull: disk,
  DatabasePoolBusy: {
    meaning: 'Nearly all connections of the pool are in use.',
    impact: 'Requests wait for one, and fail with 503 after DB_CONNECTION_TIMEOUT.',
    diagnosis: [ACTIVITY, LOCKS, CONNECTIONS, SETTINGS],
    cure: [
      'If one statement holds many up, end it: `express-runbook db kill <pid> --cancel`.',
      'If connections are held without work (`idle in transaction`), the log has lines about leaks with their stack.',
      'If it is traffic, raise DB_POOL_SIZE: pools times instances must stay below max_connections.',
    ],
  },
  SlowDatabase: {
    meaning: 'Queries take longer than agreed.',
    impact: 'Requests get slow, connections are held for longer, the pool runs dry.',
    diagnosis: [ACTIVITY, LOCKS, SLOW_QUERIES, ['express-runbook db indexes', 'columns that may want an index']],
    cure: [
      'If statements wait for a lock, end the one that holds it: `express-runbook db kill <pid>`.',
      'If a plan has changed, renew the statistics: `express-runbook db analyze`.',
      'If one statement is slow by itself, it wants an index or fewer rows.',
    ],
  },
  LowCacheHitRatio: {
    meaning:
      'Most of what is asked for is not in the cache. Right after a start, or after it was cleared, that is as it should be.',
    impact: 'The database and other services do the work that the cache should save.',
    diagnosis: [HEALTH, SETTINGS],
    cure: [
      'If values are evicted, the cache is too small: give it more entries.',
      'If they expire, their time is too short for how often they are asked for.',
      'If Redis is away, follow ExternalServiceDown.',
    ],
  },
  LogVolume: {
    meaning: 'Far more lines are logged than usual.',
    impact: 'The disk fills up, and whoever is paid by the line is.',
    diagnosis: [
      [`jq -r '.msg // .message' logs/app.log | sort | uniq -c | sort -rn | head`, 'which lines they are'],
      ['ls -l logs', 'how large the files are'],
    ],
    cure: [
      'If LOG_LEVEL is debug, set it back: it may be changed while the service runs.',
      'If one error repeats, cure that.',
      'If it is the access log, LOG_SAMPLE_RATE keeps a part of it.',
    ],
  },
};
