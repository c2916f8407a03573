import type { CheckView } from '../wire/index.js';
import { chart } from './chart.js';
import type { ChartSpec } from './chart-options.js';
import { h } from './dom.js';
import { count, megabytes, ms, percent, rate } from './format.js';
import { healthCard } from './health.js';
import type { State, View } from './state.js';

const MEGABYTE = 2 ** 20;

const CHARTS: readonly ChartSpec[] = [
  {
    title: 'Requests per second',
    lines: [{ series: 'requestsPerSecond', label: 'now', color: 1 }],
    show: rate,
    atLeast: 1,
  },
  { title: 'Errors', lines: [{ series: 'errorRatio', label: 'of requests', color: 3 }], show: percent, atLeast: 0.05 },
  {
    title: 'Response times',
    lines: [
      { series: 'p50Ms', label: 'p50', color: 1 },
      { series: 'p95Ms', label: 'p95', color: 2 },
      { series: 'p99Ms', label: 'p99', color: 3 },
    ],
    show: ms,
    atLeast: 10,
  },
  {
    title: 'Database connections',
    lines: [
      { series: 'poolUsed', label: 'used', color: 1 },
      { series: 'poolIdle', label: 'idle', color: 2 },
      { series: 'poolWaiting', label: 'waiting', color: 3 },
    ],
    show: count,
    atLeast: 4,
    isWanted: ({ sections }) => sections.pools.length > 0,
    note: ({ sections: { pools } }) => {
      const max = pools.reduce((sum, pool) => sum + (pool.max ?? 0), 0);
      return max === 0 ? '' : `of ${count(max)}`;
    },
  },
  { title: 'Requests in flight', lines: [{ series: 'inFlight', label: 'now', color: 1 }], show: count, atLeast: 4 },
  {
    title: 'Event loop delay',
    lines: [{ series: 'loopDelayMs', label: 'p99', color: 1 }],
    show: ms,
    atLeast: 20,
    note: ({ history }) => `busy ${percent(history.series.loopUtilization.at(-1))}`,
  },
  {
    title: 'Processor',
    lines: [{ series: 'cpuPercent', label: 'of one core', color: 1 }],
    show: (value) => percent(value === null || value === undefined ? value : value / 100),
    atLeast: 10,
  },
  {
    title: 'Memory',
    lines: [
      { series: 'residentBytes', label: 'resident', color: 1 },
      { series: 'heapBytes', label: 'heap', color: 2 },
    ],
    show: megabytes,
    atLeast: 50 * MEGABYTE,
    steps: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map((step) => step * MEGABYTE),
  },
];

export interface Overview extends View {
  redraw(): void;
}

export function overview(): Overview {
  const charts = CHARTS.map(chart);
  const health = healthCard();
  const grid = h('div', { class: 'charts' }, ...charts.map(({ element }) => element));
  return {
    id: 'overview',
    title: 'Overview',
    element: h('div', {}, health.element, grid),
    badge: ({ sections }) => (sections.health?.checks ?? []).filter(isWrong).length,
    update(state: State) {
      health.update(state);
      for (const one of charts) one.update(state);
    },
    redraw() {
      for (const one of charts) one.redraw();
    },
  };
}

function isWrong({ status }: CheckView): boolean {
  return status !== 'up';
}
