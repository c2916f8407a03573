import { alertOf, levels } from '../alert-of.js';
import type { AlertPreset, Receiver } from '../preset.js';

const OPS: Receiver = { kind: 'slack', channel: '#ops' };

export const BOOKY: AlertPreset = {
  title: 'Booky',
  incidentLevels: [
    { name: 'critical', meaning: 'page whoever is on call', severities: ['critical'] },
    { name: 'warning', meaning: 'look into it in working hours', severities: ['high', 'medium', 'low'] },
  ],
  receivers: { critical: [{ kind: 'page' }, OPS], high: [OPS], medium: [OPS], low: [OPS] },
  rules: [
    alertOf('errorRatio', levels(0.01, 0.05)),
    alertOf('latencyP95', levels(0.5, 1)),
    alertOf('memoryUtilization', levels(0.7, 0.9)),
    alertOf('diskUtilization', levels(0.7, 0.9)),
    alertOf('activeConnections', levels(1000, 2000)),
  ],
};
