import uPlot from 'uplot';
import { HEIGHT, optionsOf, type ChartSpec } from './chart-options.js';
import { h, say } from './dom.js';
import type { State } from './state.js';

export interface Chart {
  readonly element: HTMLElement;
  update(state: State): void;
  /** Draws anew, in the colours of now. */
  redraw(): void;
}

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
