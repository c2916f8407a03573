import type { ErrorView } from '../wire/index.js';
import { button, h } from './dom.js';
import { date, ms, time } from './format.js';
import type { State, View } from './state.js';

/** What failed, with its request; `showLog` leads to all the lines of that request. */
export function errors(showLog: (requestId: string) => void): View {
  const list = h('ul', { class: 'errors' });
  const none = h('p', { class: 'empty' }, 'Nothing failed in what is held.');
  // What is open stays open while others come.
  const rows = new Map<string, HTMLElement>();

  return {
    id: 'errors',
    title: 'Errors',
    element: h('section', { class: 'card' }, h('h3', {}, 'Recent errors'), none, list),
    badge: ({ sections }) => sections.errors.length,
    update({ sections }: State) {
      const keyed = sections.errors.map((error) => [keyOf(error), error] as const);
      const present = new Set(keyed.map(([key]) => key));
      for (const key of rows.keys()) if (!present.has(key)) rows.delete(key);
      for (const [key, error] of keyed) if (!rows.has(key)) rows.set(key, errorRow(error, showLog));
      const wanted = keyed.map(([key]) => rows.get(key)).filter((row) => row !== undefined);
      // Moved only when there is another order: a row that is taken out and put back loses the focus.
      if (wanted.some((row, index) => list.children[index] !== row) || list.children.length !== wanted.length) {
        list.replaceChildren(...wanted);
      }
      none.hidden = wanted.length > 0;
    },
  };
}

/** A request is told of before the line about it may have come. */
function keyOf({ at, requestId, message, error }: ErrorView): string {
  return [at, requestId, message, error].join('\n');
}

function errorRow(
  { at, message, error, stack, requestId, correlationId, request }: ErrorView,
  showLog: (id: string) => void,
): HTMLElement {
  const what = request === undefined ? message : `${request.method} ${request.route ?? request.url}`;
  const status = request === undefined ? null : h('span', { class: 'code bad' }, String(request.statusCode));
  const facts: (readonly [string, string | undefined])[] = [
    ['Message', message],
    ['Error', error],
    ['URL', request?.url],
    ['Duration', request === undefined ? undefined : ms(request.durationMs)],
    ['At', date(at)],
    ['Request id', requestId],
    ['Correlation id', correlationId],
  ];
  const summary = h(
    'summary',
    {},
    h('time', { datetime: new Date(at).toISOString() }, time(at)),
    status,
    h('span', { class: 'what' }, what),
    h('span', { class: 'why' }, error ?? ''),
  );
  return h(
    'li',
    {},
    h(
      'details',
      {},
      summary,
      h(
        'dl',
        { class: 'facts' },
        ...facts.flatMap(([name, value]) => (value === undefined ? [] : [h('dt', {}, name), h('dd', {}, value)])),
      ),
      stack === undefined ? null : h('pre', { tabindex: '0', 'aria-label': 'Stack' }, stack),
      requestId === undefined ? null : button('Show its log', () => showLog(requestId)),
    ),
  );
}
