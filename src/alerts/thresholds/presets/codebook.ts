import { alertOf, levels } from '../alert-of.js';
import type { AlertPreset, Receiver } from '../preset.js';

const CHANNEL: Receiver = { kind: 'slack', channel: '#alerts' };
const TEN_MINUTES = 600;

export const CODEBOOK: AlertPreset = {
  title: 'Construction Codebook AI',
  incidentLevels: [
    { name: 'P0', meaning: 'critical', severities: ['critical'], acknowledgeMinutes: 15, resolveMinutes: 240 },
    { name: 'P1', meaning: 'high', severities: ['high'], acknowledgeMinutes: 60, resolveMinutes: 1440 },
    { name: 'P2', meaning: 'medium', severities: ['medium', 'low'], acknowledgeMinutes: 240, resolveMinutes: 4320 },
  ],
  receivers: { critical: [{ kind: 'page' }, CHANNEL], high: [CHANNEL], medium: [CHANNEL], low: [CHANNEL] },
  rules: [
    alertOf('errorRatio', {
      warning: { threshold: 0.02, holdSeconds: TEN_MINUTES },
      critical: { threshold: 0.05, holdSeconds: 300 },
    }),
    alertOf('latencyP95', levels(undefined, 5)),
    // "Exhausted": all are in use. With less than a thousand connections nothing lies between this and 1.
    alertOf('poolUtilization', levels(undefined, 0.999, 60)),
    alertOf('diskFree', levels(undefined, 0.1)),
    alertOf('dbResponseTime', levels(1)),
    alertOf('jobQueueDepth', levels(100)),
    alertOf('llmErrorRatio', levels(0.1, undefined, TEN_MINUTES)),
    // Over the budget is bad news, and no reason to wake somebody.
    alertOf('llmQuotaUsed', {
      warning: { threshold: 0.8, holdSeconds: 0 },
      critical: { threshold: 1, holdSeconds: 0, severity: 'high' },
    }),
    alertOf('certificateDaysLeft', levels(30, undefined, 3600)),
    alertOf('externalServiceDown', levels(undefined, 0, 60)),
  ],
};
