import type { Registry } from 'prom-client';
import { gauge } from '../instruments/instruments.js';
import { wordCounter } from '../instruments/word-counter.js';
import type { Board } from './states/board.js';
import { SEVERITIES } from './thresholds/index.js';

export interface AlertMetrics {
  readonly evaluated: (outcome: 'ok' | 'failed') => void;
  readonly heldBack: (reason: 'silenced' | 'flood' | 'too_many') => void;
}

export function createAlertMetrics(registry: Registry | undefined, board: Board, now: () => number): AlertMetrics {
  const evaluated = wordCounter(registry, {
    name: 'alerts_evaluations_total',
    help: 'Looks at the rules of alerts; failed when a measure could not be read.',
    label: 'outcome',
    words: ['ok', 'failed'],
  });
  const heldBack = wordCounter(registry, {
    name: 'alerts_held_back_total',
    help: 'Messages about alerts that were not sent: silenced, too many within a minute, or too many alerts.',
    label: 'reason',
    words: ['silenced', 'flood', 'too_many'],
  });
  if (registry === undefined) return { evaluated, heldBack };
  gauge(registry, {
    name: 'alerts_active',
    help: 'Alerts that are on, by severity, as far as this instance knows.',
    labelNames: ['severity'],
    aggregator: 'max',
    collect() {
      const firing = [...board.latest().states.values()].filter(({ status }) => status === 'firing');
      for (const severity of SEVERITIES) {
        this.set({ severity }, firing.filter(({ latest }) => latest.severity === severity).length);
      }
    },
  });
  const latest = gauge(registry, {
    name: 'alerts_last_evaluation_timestamp_seconds',
    help: 'When the rules of alerts were last looked at, in seconds since 1970.',
    aggregator: 'min',
  });
  return {
    evaluated(outcome) {
      evaluated(outcome);
      latest.set(now() / 1000);
    },
    heldBack,
  };
}
