import { LINE_LEVELS, type LogBatch, type LogLineView } from '../wire/index.js';
import { button, form, h, say } from './dom.js';
import { count, time } from './format.js';
import { BASE } from './live.js';
import { levelForm } from './log-level.js';
import type { State, View } from './state.js';

export interface LogView extends View {
  /** The lines of one request. */
  follow(id: string): void;
}

/** As many as can be scrolled through; older ones go. */
const MAX_ROWS = 500;
const AGAIN_MS = 3000;

/** The log as it is written, filtered by the server: what is rare is found among a thousand others. */
export function log(): LogView {
  const id = h('input', { type: 'search', id: 'log-id', spellcheck: 'false', autocomplete: 'off' });
  const text = h('input', { type: 'search', id: 'log-text', autocomplete: 'off' });
  const level = h(
    'select',
    { id: 'log-level' },
    ...LINE_LEVELS.toReversed().map((one) => h('option', { value: one }, one)),
  );
  const pause = button('Pause', () => setPaused(!isPaused), { 'aria-pressed': 'false' });
  const note = h('p', { class: 'note', role: 'status' });
  const list = h('ol', { class: 'lines', 'aria-label': 'Log lines, newest first', tabindex: '0' });
  const filter = form(
    open,
    { class: 'filter', role: 'search' },
    field('Request or correlation id', id),
    field('Least level', level),
    field('Text', text),
    h('div', { class: 'buttons' }, h('button', { type: 'submit' }, 'Apply'), pause),
  );
  const levels = levelForm();
  let source: EventSource | undefined;
  let again: number | undefined;
  let isShown = false;
  let isPaused = false;
  let skipped = 0;

  function open(): void {
    close();
    if (!isShown || isPaused) return;
    list.replaceChildren();
    skipped = 0;
    tell();
    const query = new URLSearchParams({ id: id.value, level: level.value, text: text.value });
    source = new EventSource(`${BASE}/log?${query.toString()}`);
    source.addEventListener('lines', ({ data }: MessageEvent<string>) => add(JSON.parse(data) as LogBatch));
    const lost = (): void => {
      close();
      say(note, 'No connection; trying again.');
      again = setTimeout(open, AGAIN_MS);
    };
    source.addEventListener('error', lost);
    source.addEventListener('bye', lost);
  }

  function close(): void {
    clearTimeout(again);
    source?.close();
    source = undefined;
  }

  function add(batch: LogBatch): void {
    skipped += batch.skipped;
    list.prepend(...batch.lines.map((line) => lineRow(line, follow)).reverse());
    while (list.children.length > MAX_ROWS) list.lastElementChild?.remove();
    tell();
  }

  function tell(): void {
    const shown = list.children.length;
    const left = skipped === 0 ? '' : `; ${count(skipped)} left out, they came too fast`;
    say(note, isPaused ? 'Paused' : shown === 0 ? 'No line yet' : `${count(shown)} lines${left}`);
  }

  function setPaused(wanted: boolean): void {
    isPaused = wanted;
    pause.setAttribute('aria-pressed', String(wanted));
    say(pause, wanted ? 'Go on' : 'Pause');
    if (wanted) close();
    else open();
    tell();
  }

  function follow(wanted: string): void {
    id.value = wanted;
    level.value = 'trace';
    text.value = '';
    if (isPaused) setPaused(false);
    else open();
  }

  level.value = 'trace';
  level.addEventListener('change', open);
  return {
    id: 'log',
    title: 'Log',
    element: h('div', {}, h('section', { class: 'card' }, h('h3', {}, 'Log'), filter, note, list), levels.element),
    update: (state: State) => levels.update(state),
    toggle(shown) {
      isShown = shown;
      if (shown) open();
      else close();
    },
    follow,
  };
}

function field(label: string, control: HTMLElement): HTMLElement {
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control);
}

function lineRow({ at, level, message, requestId, fields }: LogLineView, follow: (id: string) => void): HTMLElement {
  const shown = Object.keys(fields).length === 0 ? '' : JSON.stringify(fields, undefined, 2);
  const head = [
    h('time', { datetime: new Date(at).toISOString() }, time(at)),
    h('span', { class: `level ${level}` }, level),
    h('span', { class: 'what' }, withRequest(message, fields)),
  ];
  const own =
    requestId === undefined
      ? null
      : button(requestId.slice(0, 8), () => follow(requestId), {
          class: 'id',
          title: 'Only this request',
          'aria-label': `Only request ${requestId}`,
        });
  const body =
    shown === ''
      ? h('div', { class: 'plain' }, ...head)
      : h('details', {}, h('summary', {}, ...head), h('pre', { tabindex: '0', 'aria-label': 'Fields' }, shown));
  return h('li', {}, body, own);
}

/** A request line without its request says little. */
function withRequest(message: string, { method, url, statusCode, duration }: LogLineView['fields']): string {
  if (typeof method !== 'string' || typeof statusCode !== 'number') return message;
  const took = typeof duration === 'number' ? ` ${String(duration)} ms` : '';
  return `${message}: ${method} ${typeof url === 'string' ? url : ''} ${String(statusCode)}${took}`;
}
