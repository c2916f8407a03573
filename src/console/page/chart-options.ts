import type uPlot from 'uplot';
import type { SeriesName } from '../wire/index.js';
import { time } from './format.js';
import type { State } from './state.js';

export interface ChartSpec {
  readonly title: string;
  readonly lines: readonly { readonly series: SeriesName; readonly label: string; readonly color: 1 | 2 | 3 }[];
  /** How a value is written, with its unit. */
  readonly show: (value: number | null | undefined) => string;
  /** The axis reaches at least so far: a service at rest has a flat line and no mountains. */
  readonly atLeast: number;
  /** Steps of the axis, where they are not those of plain numbers. */
  readonly steps?: readonly number[];
  /** Whether there is something to draw at all. */
  readonly isWanted?: (state: State) => boolean;
  /** What stands beside the title, e.g. of how many. */
  readonly note?: (state: State) => string;
}

export const HEIGHT = 132;
const X_AXIS = 22;
const SHORTEST_SECONDS = 60;

export function optionsOf(
  { lines, show, atLeast, steps }: ChartSpec,
  width: number,
  onCursor: (plot: uPlot) => void,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const axis = { stroke: color('muted'), ticks: { show: false }, font: '11px system-ui, sans-serif' };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { sync: { key: 'all' }, drag: { x: false, y: false }, points: { size: 6 }, y: false },
    padding: [8, 26, 0, 0],
    scales: {
      // A service that has just started has a short line and not a stretched one.
      x: { range: (_plot, min, max) => [Math.min(min, max - SHORTEST_SECONDS), max] },
      y: { range: (_plot, _min, max) => [0, Math.max(atLeast, (max || 0) * 1.1)] },
    },
    axes: [
      {
        ...axis,
        size: X_AXIS,
        space: 56,
        grid: { show: false },
        values: (_plot, ticks, _axis, _space, step) => ticks.map((tick) => clockText(tick, step)),
      },
      {
        ...axis,
        size: 54,
        space: 34,
        ...(steps === undefined ? {} : { incrs: [...steps] }),
        grid: { stroke: color('line'), width: 1 },
        values: (_plot, ticks) => ticks.map((tick) => (tick === 0 ? '0' : show(tick))),
      },
    ],
    series: [
      {},
      ...lines.map((line, index): uPlot.Series => {
        const stroke = color(`c${String(line.color)}`);
        // The one that fills is the one that is looked at; lines above it would hide each other's areas.
        const fill = index === 0 && lines.length === 1 ? `${stroke}22` : undefined;
        return {
          stroke,
          width: 1.75,
          spanGaps: false,
          points: { show: false },
          ...(fill === undefined ? {} : { fill }),
        };
      }),
    ],
    hooks: { setCursor: [onCursor] },
  };
}

/** Seconds only where the steps are shorter than a minute. */
function clockText(seconds: number, step: number): string {
  const text = time(seconds * 1000);
  return step < 60 ? text : text.slice(0, -':00'.length);
}
