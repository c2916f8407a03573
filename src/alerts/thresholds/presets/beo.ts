import { alertOf, levels } from '../alert-of.js';
import type { AlertPreset, Receiver } from '../preset.js';

const KEPT: readonly Receiver[] = [{ kind: 'log' }, { kind: 'database' }];

export const BEO: AlertPreset = {
  title: 'BEO automation',
  incidentLevels: [
    { name: 'Critical', meaning: 'complete outage', severities: ['critical'], acknowledgeMinutes: 15 },
    { name: 'High', meaning: 'a major function is broken', severities: ['high'], acknowledgeMinutes: 60 },
    { name: 'Medium', meaning: 'a part does not work', severities: ['medium'], acknowledgeMinutes: 240 },
    { name: 'Low', meaning: 'minor', severities: ['low'], acknowledgeMinutes: 1440 },
  ],
  receivers: { critical: [{ kind: 'page' }, ...KEPT], high: KEPT, medium: KEPT, low: KEPT },
  rules: [
    // 1 % is the table's, 5 % and `high` are the code's.
    alertOf('errorRatio', {
      warning: { threshold: 0.01, holdSeconds: 300 },
      critical: { threshold: 0.05, holdSeconds: 300, severity: 'high' },
    }),
    alertOf('latencyAverage', levels(1)),
    alertOf('poolUtilization', levels(0.8)),
    alertOf('heapUtilization', levels(0.85)),
    alertOf('cpuUtilization', levels(0.8)),
    alertOf('diskUtilization', levels(0.85)),
    alertOf('dbResponseTime', levels(1)),
    alertOf('eventQueueSize', levels(1000)),
  ],
};
