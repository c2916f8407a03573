import type { MeasureName } from './measures.js';
import type { AlertRule, AlertThreshold } from './rule.js';

type Alert = Pick<AlertRule, 'name' | 'comparison' | 'summary'>;

const above = (name: string, summary: string): Alert => ({ name, comparison: 'above', summary });
const below = (name: string, summary: string): Alert => ({ name, comparison: 'below', summary });

/** What the alert on a measure is called in every preset. */
const ALERTS: Readonly<Record<MeasureName, Alert>> = {
  errorRatio: above('HighErrorRatio', 'Too many requests are answered with 5xx.'),
  latencyP95: above('HighLatencyP95', 'The slowest twentieth of the requests takes too long.'),
  latencyAverage: above('HighLatencyAverage', 'Requests take too long on average.'),
  poolUtilization: above('DatabasePoolBusy', 'The database pool has hardly a connection left.'),
  memoryUtilization: above('HighMemoryUsage', 'Memory is running out.'),
  heapUtilization: above('HighHeapUsage', 'The heap is close to the size at which V8 ends the process.'),
  cpuUtilization: above('HighCpuUsage', 'The processors have little left to give.'),
  diskUtilization: above('DiskFilling', 'The disk is filling up.'),
  diskFree: below('DiskNearlyFull', 'The disk is nearly full.'),
  dbResponseTime: above('SlowDatabase', 'The database answers slowly.'),
  cacheHitRatio: below('LowCacheHitRatio', 'The cache seldom has what is asked for.'),
  eventLoopLag: above('EventLoopLag', 'Something blocks the event loop.'),
  activeConnections: above('ManyConnections', 'More clients are connected than usual.'),
  jobQueueDepth: above('JobQueueDeep', 'Jobs come faster than they are done.'),
  eventQueueSize: above('EventQueueLong', 'Events come faster than they are processed.'),
  llmErrorRatio: above('LlmErrors', 'Calls of the language model fail.'),
  llmQuotaUsed: above('LlmQuotaUsed', 'A client has used most of its tokens of this month.'),
  certificateDaysLeft: below('CertificateExpiring', 'The TLS certificate ends soon.'),
  backupAge: above('BackupTooOld', 'The newest backup is older than the recovery point objective allows.'),
  backupVerifiedAge: above('BackupNotVerified', 'No backup was verified by a restore for a week.'),
  backupDrillAge: above('BackupDrillTooOld', 'No restore was rehearsed for a month.'),
  externalServiceDown: above('ExternalServiceDown', 'Something that the service depends on is down.'),
  livenessFailing: above('LivenessFailing', 'The process does not answer.'),
  readinessFailing: above('ReadinessFailing', 'The service has not been ready for a while.'),
  overallStatus: above('ServiceUnhealthy', 'The health of the service is not ok.'),
  logLinesPerSecond: above('LogVolume', 'The service logs far more than usual.'),
};

/** The rule of a preset: its numbers beside the words that all presets share. */
export function alertOf(measure: MeasureName, levels: Pick<AlertRule, 'warning' | 'critical'>): AlertRule {
  const { name, comparison, summary } = ALERTS[measure];
  return { name, measure, comparison, ...levels, summary };
}

/** Where a guide says no hold time: as long as those that it does say mostly are. */
const USUAL_HOLD_SECONDS = 300;

/** Warning and critical number of a row of a guide's table, in this order. */
export function levels(
  warning: number | undefined,
  critical?: number,
  holdSeconds = USUAL_HOLD_SECONDS,
): Pick<AlertRule, 'warning' | 'critical'> {
  const at = (threshold: number): AlertThreshold => ({ threshold, holdSeconds });
  return {
    ...(warning === undefined ? {} : { warning: at(warning) }),
    ...(critical === undefined ? {} : { critical: at(critical) }),
  };
}
