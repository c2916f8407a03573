import { alertOf, levels } from '../alert-of.js';
import { PLAIN_LEVELS } from '../incidents.js';
import type { AlertPreset } from '../preset.js';

const PEOPLE: Pick<AlertPreset, 'incidentLevels' | 'receivers'> = {
  incidentLevels: PLAIN_LEVELS,
  receivers: {
    critical: [{ kind: 'page' }],
    high: [{ kind: 'log' }],
    medium: [{ kind: 'log' }],
    low: [{ kind: 'log' }],
  },
};

/** The table of thresholds. */
export const ORDO: AlertPreset = {
  title: 'Ordo-Todo, its table of thresholds',
  ...PEOPLE,
  rules: [
    alertOf('errorRatio', levels(0.01, 0.05)),
    alertOf('latencyP95', levels(0.5, 2)),
    alertOf('poolUtilization', levels(0.8, 0.95)),
    alertOf('memoryUtilization', levels(0.8, 0.95)),
    alertOf('cpuUtilization', levels(0.7, 0.9)),
    alertOf('diskUtilization', levels(0.8, 0.95)),
    alertOf('cacheHitRatio', levels(0.8, 0.5)),
  ],
};

/** What the chapters of the same guide name. */
export const ORDO_INLINE: AlertPreset = {
  title: 'Ordo-Todo, the numbers of its chapters',
  ...PEOPLE,
  rules: [
    alertOf('errorRatio', levels(0.01)),
    alertOf('latencyP95', levels(1)),
    alertOf('memoryUtilization', levels(0.85)),
    alertOf('cpuUtilization', levels(0.8)),
    alertOf('diskUtilization', levels(0.9)),
    alertOf('dbResponseTime', levels(0.1)),
    alertOf('cacheHitRatio', levels(0.8)),
    alertOf('eventLoopLag', levels(0.1)),
  ],
};
