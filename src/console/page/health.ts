import type { CheckView, ShownStatus } from '../wire/index.js';
import { CHECK_MARKS } from '../wire/index.js';
import { h, say, svg } from './dom.js';
import { duration, ms, time } from './format.js';
import type { State } from './state.js';

/** A shape for each status: not everybody tells them apart by their colour. */
const SHAPES: Readonly<Record<ShownStatus, string>> = { up: '●', degraded: '▲', down: '✕', unknown: '○' };

export function statusMark(status: ShownStatus, text: string = status): HTMLElement {
  return h('span', { class: `status ${status}` }, h('span', { 'aria-hidden': 'true' }, SHAPES[status]), ` ${text}`);
}

/** Each check with its way through the time that is held. */
export function healthCard(): { readonly element: HTMLElement; update(state: State): void } {
  const list = h('ul', { class: 'checks' });
  const span = h('span', { class: 'note' });
  const rows = new Map<string, CheckRow>();

  return {
    element: h('section', { class: 'card' }, h('header', {}, h('h3', {}, 'Health'), span), list),
    update(state) {
      const { history, sections } = state;
      const checks = sections.health?.checks ?? [];
      say(
        span,
        checks.length === 0 ? 'no checks' : `the last ${duration((history.at.at(-1) ?? 0) - (history.at[0] ?? 0))}`,
      );
      for (const name of rows.keys()) {
        if (checks.some((check) => check.name === name)) continue;
        rows.get(name)?.element.remove();
        rows.delete(name);
      }
      for (const check of checks) {
        const row = rows.get(check.name) ?? checkRow(check.name);
        rows.set(check.name, row);
        if (row.element.parentNode === null) list.append(row.element);
        row.update(check, history.checks[check.name] ?? '', history.at);
      }
    },
  };
}

interface CheckRow {
  readonly element: HTMLElement;
  update(check: CheckView, marks: string, at: readonly number[]): void;
}

function checkRow(name: string): CheckRow {
  const status = h('span');
  const latency = h('span', { class: 'latency' });
  const message = h('span', { class: 'message' });
  const facts = h('dl', { class: 'facts' });
  const line = svg('svg', { class: 'timeline', preserveAspectRatio: 'none', role: 'img' });
  const summary = h('summary', {}, h('span', { class: 'name' }, name), status, latency, line, message);
  let shown: string | undefined;
  return {
    element: h('li', {}, h('details', {}, summary, facts)),
    update(check, marks, at) {
      if (shown !== check.status) status.replaceChildren(statusMark(check.status));
      shown = check.status;
      say(latency, ms(check.latencyMs));
      say(message, check.message ?? '');
      facts.replaceChildren(...factsOf(check));
      drawTimeline(line, marks, at);
    },
  };
}

function factsOf(check: CheckView): HTMLElement[] {
  const own = Object.entries(check.details ?? {}).map(([name, value]) => [name, textOf(value)] as const);
  const all = [['critical', check.critical ? 'yes' : 'no'], ['checked at', time(check.checkedAt)], ...own] as const;
  return all.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]);
}

function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, one]) => `${name} ${textOf(one)}`)
      .join(', ');
  }
  return String(value);
}

const STATUS_OF = Object.fromEntries(Object.entries(CHECK_MARKS).map(([status, mark]) => [mark, status])) as Readonly<
  Record<string, ShownStatus>
>;

/** Equal neighbours are one rectangle: a day without change is a single one. */
function drawTimeline(line: SVGElement, marks: string, at: readonly number[]): void {
  const runs = [...marks.matchAll(/(.)\1*/g)].map(({ 0: run, index }) => ({
    status: STATUS_OF[run[0] ?? ''] ?? ('unknown' as const),
    index,
    length: run.length,
  }));
  line.setAttribute('viewBox', `0 0 ${String(Math.max(1, marks.length))} 1`);
  const wrong = runs.filter(({ status }) => status === 'down' || status === 'degraded');
  const told = wrong.slice(-3).map((run) => `${run.status} from ${time(at[run.index] ?? 0)}`);
  line.setAttribute('aria-label', told.length === 0 ? 'nothing wrong in that time' : told.join(', '));
  line.replaceChildren(
    ...runs.map(({ status, index, length }) =>
      svg(
        'rect',
        { class: status, x: String(index), y: '0', width: String(length), height: '1' },
        svg('title', {}, `${status} from ${time(at[index] ?? 0)}`),
      ),
    ),
  );
}
