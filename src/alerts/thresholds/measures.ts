/** What a number of a measure means. A `state` is 0 while all is well; ratios are 0 to 1. */
export type MeasureUnit = 'ratio' | 'seconds' | 'hours' | 'days' | 'count' | 'perSecond' | 'state';

export interface Measure {
  readonly unit: MeasureUnit;
  /** For people; a sentence begins with it. */
  readonly title: string;
}

const measure = (unit: MeasureUnit, title: string): Measure => Object.freeze({ unit, title });

/** Everything that a rule can be about. */
export const MEASURES = Object.freeze({
  errorRatio: measure('ratio', 'Share of requests that are answered with 5xx'),
  latencyP95: measure('seconds', '95th percentile of the time of requests'),
  latencyAverage: measure('seconds', 'Average time of requests'),
  poolUtilization: measure('ratio', 'Connections of the database pool in use'),
  memoryUtilization: measure('ratio', 'Memory in use, of the container or the machine'),
  heapUtilization: measure('ratio', 'Heap in use, of what V8 may have'),
  cpuUtilization: measure('ratio', 'Processors in use, of the container or the machine'),
  diskUtilization: measure('ratio', 'Disk in use'),
  diskFree: measure('ratio', 'Disk that is free'),
  dbResponseTime: measure('seconds', '95th percentile of the time of queries'),
  cacheHitRatio: measure('ratio', 'Share of values asked for that were in the cache'),
  eventLoopLag: measure('seconds', '99th percentile of the lag of the event loop'),
  activeConnections: measure('count', 'Open connections of clients'),
  jobQueueDepth: measure('count', 'Jobs that are pending'),
  eventQueueSize: measure('count', 'Events that are pending'),
  llmErrorRatio: measure('ratio', 'Share of calls of the language model that fail'),
  llmQuotaUsed: measure('ratio', 'Tokens of the month that a client has used, of its quota'),
  certificateDaysLeft: measure('days', 'Days until the TLS certificate ends'),
  /** Of what `observeBackups` shows. While there is none at all it is that of 1970. */
  backupAge: measure('hours', 'Age of the newest backup'),
  backupVerifiedAge: measure('hours', 'Time since a backup was verified by a restore'),
  backupDrillAge: measure('hours', 'Time since a restore was rehearsed'),
  /** 1 while a service that this one depends on is down. */
  externalServiceDown: measure('state', 'A dependency is down'),
  /** 1 while the process does not answer at all. */
  livenessFailing: measure('state', 'The process does not answer'),
  /** 1 while no traffic should come. */
  readinessFailing: measure('state', 'The service is not ready'),
  /** 0 ok, 1 degraded, 2 error. */
  overallStatus: measure('state', 'The service is degraded (1) or in error (2)'),
  logLinesPerSecond: measure('perSecond', 'Lines that are logged'),
});

/** @useDeclaredType */
export type MeasureName = keyof typeof MEASURES;

export const MEASURE_NAMES = Object.freeze(Object.keys(MEASURES)) as readonly MeasureName[];
