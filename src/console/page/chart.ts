import uPlot from 'uplot';
import type { SeriesName } from '../wire.js';
import { h, say } from './dom.js';
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

export interface Chart {
  readonly element: HTMLElement;
  update(state: State): void;
  /** Draws anew, in the colours of now. */
  redraw(): void;
}

const HEIGHT = 132;
const X_AXIS = 22;
const SHORTEST_SECONDS = 60;

export function chart(spec: ChartSpec): Chart {
  const values = spec.lines.map(() => h('b'));
  const legend = spec.lines.map(({ label, color }, index) =>
    h('span', { class: 'key' }, h('span', {}, h('i', { class: `swatch c${String(color)}` }), label), values[index]),
  );
  const note = h('span', { class: 'note' });
  const plot = h('div', { class: 'plot', role: 'img' });
  const element = h(
    'section',
    { class: 'card chart' },
    h('header', {}, h('h3', {}, spec.title), note),
    h('p', { class: 'legend' }, ...legend),
    plot,
  );
  let drawn: uPlot | undefined;
  let latest: State | undefined;

  /** At the cursor, or now. */
  function tell(index: number | null | undefined): void {
    if (latest === undefined) return;
    const at = index ?? latest.history.at.length - 1;
    for (const [place, { series }] of spec.lines.entries()) {
      const value = values[place];
      if (value !== undefined) say(value, spec.show(latest.history.series[series][at]));
    }
  }

  function draw(): void {
    drawn?.destroy();
    drawn = undefined;
    if (latest === undefined || plot.clientWidth === 0) return;
    const options = optionsOf(spec, plot.clientWidth, ({ cursor }) => tell(cursor.idx));
    drawn = new uPlot(options, dataOf(spec, latest), plot);
  }

  new ResizeObserver(() => {
    if (drawn === undefined) draw();
    else if (plot.clientWidth > 0) drawn.setSize({ width: plot.clientWidth, height: HEIGHT });
  }).observe(plot);

  return {
    element,
    update(state) {
      latest = state;
      element.hidden = spec.isWanted?.(state) === false;
      if (drawn === undefined) draw();
      else drawn.setData(dataOf(spec, state));
      tell(drawn?.cursor.idx);
      say(note, spec.note?.(state) ?? '');
      plot.setAttribute('aria-label', `${spec.title}, ${ranges(spec, state)}`);
    },
    redraw: draw,
  };
}

function dataOf({ lines }: ChartSpec, { history }: State): uPlot.AlignedData {
  return [history.at.map((at) => at / 1000), ...lines.map(({ series }) => history.series[series])];
}

/** What the picture shows, for who does not see it. */
function ranges({ lines, show }: ChartSpec, { history }: State): string {
  const said = lines.map(({ series, label }) => {
    const known = history.series[series].filter((value) => value !== null);
    if (known.length === 0) return `${label}: nothing measured`;
    return `${label}: now ${show(known.at(-1))}, lowest ${show(Math.min(...known))}, highest ${show(Math.max(...known))}`;
  });
  return said.join('; ');
}

function optionsOf(
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
    padding: [8, 16, 0, 0],
    scales: {
      // A service that has just started has a short line and not a stretched one.
      x: { range: (_plot, min, max) => [Math.min(min, max - SHORTEST_SECONDS), max] },
      y: { range: (_plot, _min, max) => [0, Math.max(atLeast, (max || 0) * 1.1)] },
    },
    axes: [
      {
        ...axis,
        size: X_AXIS,
        space: 70,
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
