import { alertOf, levels } from '../alert-of.js';
import type { AlertPreset, Receiver } from '../preset.js';
import { HEALTH_RULES } from './health-rules.js';

const INCIDENTS: Receiver = { kind: 'slack', channel: '#incidents' };

const PEOPLE: Pick<AlertPreset, 'incidentLevels' | 'receivers'> = {
  incidentLevels: [
    { name: 'P1', meaning: 'critical outage', severities: ['critical'] },
    { name: 'P2', meaning: 'degraded performance', severities: ['high', 'medium'] },
    { name: 'P3', meaning: 'non-critical', severities: ['low'] },
  ],
  receivers: {
    critical: [INCIDENTS, { kind: 'statusPage' }],
    high: [INCIDENTS],
    medium: [INCIDENTS],
    low: [{ kind: 'log' }],
  },
};

/** The table of thresholds. */
export const BUILDER: AlertPreset = {
  title: 'Builder API, its table of thresholds',
  ...PEOPLE,
  rules: [
    alertOf('errorRatio', levels(0.005, 0.01)),
    alertOf('latencyP95', levels(0.3, 0.5)),
    alertOf('poolUtilization', levels(0.7, 0.85)),
    alertOf('memoryUtilization', levels(0.75, 0.85)),
    alertOf('cpuUtilization', levels(0.7, 0.85)),
    ...HEALTH_RULES,
  ],
};

/** What the chapters of the same guide recommend. Nobody says how many lines a second are too many. */
export const BUILDER_INLINE: AlertPreset = {
  title: 'Builder API, the recommendations of its chapters',
  ...PEOPLE,
  rules: [
    alertOf('poolUtilization', levels(0.8)),
    alertOf('memoryUtilization', levels(0.8, 0.9)),
    alertOf('cpuUtilization', levels(0.7, 0.9)),
    alertOf('dbResponseTime', levels(0.5)),
    alertOf('logLinesPerSecond', levels(500)),
    ...HEALTH_RULES,
  ],
};
